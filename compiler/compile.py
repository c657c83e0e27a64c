"""Turns an environment into its templates, and the network of several into one of its own.

The way, none of which touches AWS, disk, clock or chance:

    Environment                   what the YAML says
      each of all_stacks.py       builds itself: resources, parameters, outputs   (stacks/)
      root.py                     passes outputs to parameters
      bootstrap.py                the bucket of the templates, once per account and region
      model/yaml_writer.py        templates -> YAML, the same bytes every time
    TemplateSet                   what is reviewed, linted (lint.py), written (templates_out.py) and deployed
"""

from collections.abc import Iterable, Mapping

from troposphere import Export, Template

from compiler.all_stacks import ALL_STACKS
from compiler.bootstrap import bootstrap_template
from compiler.errors import CompileError
from compiler.model import stack_values as values
from compiler.model.final_state import leave_keys, leave_snapshot
from compiler.model.stack import Stack, StackBuilder
from compiler.model.stack_values import StackValue
from compiler.model.template_set import BOOTSTRAP, ROOT, TemplateSet
from compiler.model.yaml_writer import write
from compiler.placements.roster import network_placement
from compiler.resources.role_rules import apply_role_rules
from compiler.root import root_template
from compiler.sites.shared_load_balancer import add_shared_load_balancer
from spec.environment import Environment
from spec.sections.networks.shared_network import SharedNetwork

_VPC_OF_ALL = "VPC of every environment in this network"


def compile_environment(env: Environment, *, leaving_snapshot: bool = False) -> TemplateSet:
    """Return the templates of an environment; with `leaving_snapshot` its deletion leaves its database to restore."""
    built = {name: build_stack(env, name, stack) for name, stack in ALL_STACKS.items()}
    builders = _in_deploy_order({name: builder for name, builder in built.items() if builder.template.resources})
    if env.backup:
        leave_keys(builder.template for builder in builders.values())
    if leaving_snapshot:
        leave_snapshot(builder.template for builder in builders.values())
    files = {
        ROOT: write(root_template(env, builders)),
        BOOTSTRAP: write(bootstrap_template(env.aws)),
        **{f"{name}.yaml": write(builder.template) for name, builder in builders.items()},
    }
    return TemplateSet(name=env.name, files=files, nested=tuple(builders))


def compile_network(network: SharedNetwork) -> TemplateSet:
    """Return the templates of a network: a root without nested stacks, whose exports environments import."""
    template = Template(Description=f"{network.name}: a VPC for several environments of Apache Airflow")
    stack = StackBuilder(name="network", template=template)
    placement = network_placement(network)
    placement.build(stack, isolated=True)
    placement.build_egress(stack, ())
    if network.load_balancer:
        add_shared_load_balancer(network, network.load_balancer, placement, stack)
    template.resources[values.VPC.title].Metadata = {"Description": _VPC_OF_ALL}
    stack.outputs[values.VPC].Description = _VPC_OF_ALL
    stack.sort_parameters()
    for value, output in stack.outputs.items():
        output.Export = Export(network.export_name(value.title))
    return TemplateSet(name=network.name, files={ROOT: write(template)}, nested=())


def build_stack(env: Environment, name: str, stack: Stack) -> StackBuilder:
    """Return one nested stack; refuse one that takes or outputs a value that it does not declare."""
    template = Template(Description=f"{env.name} {name}: {stack.DESCRIPTION}")
    builder = StackBuilder(name=name, template=template)
    stack.build(env, builder)
    builder.sort_parameters()
    apply_role_rules(env.aws, env.name, name, template)
    _refuse_undeclared(name, "INPUTS", builder.inputs.keys() - stack.INPUTS)
    _refuse_undeclared(name, "OUTPUTS", builder.outputs.keys() - stack.OUTPUTS)
    return builder


def _in_deploy_order(builders: Mapping[str, StackBuilder]) -> dict[str, StackBuilder]:
    """Return the stacks so that each comes after those it takes values of, and else as in the roster.

    A database in a container needs the cluster; an instance comes before it.
    """
    ordered: dict[str, StackBuilder] = {}
    while len(ordered) < len(builders):
        waiting = {name: builder for name, builder in builders.items() if name not in ordered}
        missing = {value for builder in waiting.values() for value in builder.outputs}
        ready = [name for name, builder in waiting.items() if not missing & builder.inputs.keys()]
        if not ready:
            raise CompileError("Stacks wait for each other", next_step=f"One of {', '.join(builders)} takes too much.")
        ordered[ready[0]] = builders[ready[0]]
    return ordered


def _refuse_undeclared(name: str, roster: str, used: Iterable[StackValue]) -> None:
    undeclared = ", ".join(sorted(value.title for value in used))
    if undeclared:
        raise CompileError(
            f"{name} uses {undeclared} and does not declare it",
            next_step=f"Add it to {roster} in compiler/stacks/{name}.py.",
        )
