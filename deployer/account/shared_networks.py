"""Looks whether an environment fits a network that several share, before anything is created: its values and its rules.

A priority is taken once at a listener. Source: "Listener rules", Application Load Balancer user guide,
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
"""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from compiler.contract import LISTENER, NO_HOST, RootOutput
from compiler.model.template_set import ROOT, TemplateSet
from compiler.model.yaml_reader import read_template
from deployer.aws.load_balancer import Rule
from deployer.aws.session import Session
from deployer.stacks.template_diff import imports_of, resources
from spec.environment import Environment
from spec.sections.networks.shared_network import SharedNetwork


def shared_faults(
    env: Environment, network: SharedNetwork, templates: TemplateSet, session: Session, *, first: bool
) -> tuple[str, ...]:
    """Return why an environment cannot stand in a network that others share."""
    exports = session.cloudformation.exports()
    if missing := tuple(_not_exported(env, network.name, templates, exports, session)):
        return missing
    if not env.web.is_shared:
        return ()
    stack = None if first else session.cloudformation.stack(env.name)
    url = stack.outputs.get(RootOutput.URL, "") if stack else ""
    moves = first or (url != "" and urlsplit(url).hostname != env.web.domain)
    rules = session.load_balancer.rules(exports[network.export_name(LISTENER)])
    return tuple(_taken(env, templates, rules, moves=moves))


def _not_exported(
    env: Environment, network: str, templates: TemplateSet, there: Mapping[str, str], session: Session
) -> Iterator[str]:
    """Yield what the environment imports of its network and the network does not export, in one sentence."""
    wanted = imports_of(read_template(templates.files[ROOT]))
    missing = sorted(wanted - there.keys())
    run = f"run `windsock network deploy {' '.join(env.network.files)}`"
    if missing == sorted(wanted):
        place = f"{session.region} of account {session.account}"
        yield f"network.file: there is no network {network} in {place}; {run}."
    elif missing:
        yield f"network.file: the deployed network {network} does not export {', '.join(missing)}; {run}."


def _taken(env: Environment, templates: TemplateSet, rules: Sequence[Rule], *, moves: bool) -> Iterator[str]:
    """Yield why the listener of the shared load balancer has no room for the rules of the site, in one sentence.

    Where the site `moves` to its host name, no rule there is its own; else those are that ask for it, or for no host.
    """
    host = str(env.web.domain)
    resources_ = (resources(text) for text in templates.files.values())
    wanted = {str(one["Properties"]["Priority"]) for each in resources_ for one in each.values() if _is_rule(one)}
    own = set() if moves else {host, NO_HOST}
    taken = [rule for rule in rules if rule.priority in wanted and not own.intersection(rule.hosts)]
    there = {one for rule in taken for one in rule.hosts} - {NO_HOST}
    if host in there:
        yield f"web.domain: another environment is at {host}; choose another host name."
    elif there:
        yield (
            f"web.domain: {host} needs rules of the listener with the priorities that those for {min(there)} have; "
            "choose another host name, from which they follow."
        )


def _is_rule(resource: Mapping[str, object]) -> bool:
    return resource.get("Type") == "AWS::ElasticLoadBalancingV2::ListenerRule"
