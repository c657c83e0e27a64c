"""The root template: it passes outputs of nested stacks, and imports, to the stacks that take them."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from troposphere import GetAtt, ImportValue, Join, Output, Parameter, Ref, Sub, Template
from troposphere.cloudformation import Stack as NestedStack

from compiler.all_stacks import ALL_STACKS
from compiler.contract import (
    COMMAND,
    DATABASE,
    LIFETIME,
    NO_TAG,
    SYNC,
    RootOutput,
    RootParameter,
    template_parameter,
    title,
)
from compiler.errors import CompileError
from compiler.model import stack_values as values
from compiler.model.stack import DELETE, StackBuilder
from compiler.model.stack_values import StackValue, in_order
from compiler.placements.roster import placement_of
from spec.environment import Environment

Source = GetAtt | ImportValue
"""Where a value comes from: a nested stack, or an export of another stack."""

ROOT_OUTPUTS = (
    values.URL,
    values.TARGET_GROUP,
    values.CLUSTER,
    values.REPOSITORY,
    values.REPOSITORY_URI,
    values.CODE_BUCKET,
    values.DEPLOY_STATE,
    values.FILE_SYSTEM,
    values.DATABASE_INSTANCE,
    values.DATABASE_ACCESS_POINT,
    values.ADMIN_PASSWORD,
    values.COMMAND_TASK_DEFINITION,
    values.SYNC_TASK_DEFINITION,
    values.DAGS_ACCESS_POINT,
    values.security_group_of(COMMAND),
    values.security_group_of(SYNC),
)
"""Values of nested stacks that the root outputs too, for the deployer and for users."""

LATER_ROOT_OUTPUTS = frozenset(
    {
        values.EXPIRY_SCHEDULE,
        values.ASLEEP_RULE,
        values.ENCRYPTION_KEY,
        *values.SERVICES,
        values.service_of(DATABASE),
        *values.LOG_GROUPS,
        values.TASK_LOG_GROUP,
    }
)
"""Likewise; they follow in the order of the stacks."""

OUTPUT_NAMES: Mapping[StackValue, str] = {
    values.TARGET_GROUP: RootOutput.TARGET_GROUP,
    values.FILE_SYSTEM: RootOutput.FILE_SYSTEM,
    values.ADMIN_PASSWORD: RootOutput.ADMIN_PASSWORD,
    values.DAGS_ACCESS_POINT: RootOutput.CODE_ACCESS_POINT,
}
"""Outputs of the root that bear another name than the value does between the stacks."""

IMAGES_OF_STACKS = (values.DATABASE_IMAGE,)
"""Images of other registries that a container runs as they are."""

ROOT_PARAMETERS = (*values.ZONES, values.OAUTH_VERSION, values.EXPIRES_AT, values.DELETION_ROLE)
"""What the deployer tells every environment that needs it, as parameters of the root."""

AFTER: Mapping[str, str] = {"services": DATABASE}
"""Stacks that wait for another even where they take no value of it: a database in a container has a constant name."""


def root_template(env: Environment, builders: Mapping[str, StackBuilder]) -> Template:
    """Return the template that puts the nested stacks of an environment together."""
    template = Template(Description=f"{env.name}: Apache Airflow {env.airflow.version} on ECS Fargate")
    _add_parameters(env, template, builders)
    sources: dict[StackValue, Source] = {
        value: GetAtt(title(name), f"Outputs.{value.title}")
        for name, builder in builders.items()
        for value in builder.outputs
    }
    sources |= {value: ImportValue(name) for value, name in placement_of(env).imports.items()}
    for name, builder in builders.items():
        template.add_resource(_nested_stack(name, builder, sources, _dependencies(name, builders)))
    _add_outputs(env, template, sources)
    return template


def template_url(stack: str) -> Sub:
    """Return where the root finds a nested template."""
    return Sub(f"${{{RootParameter.TEMPLATES_URL}}}/${{{template_parameter(stack)}}}")


def _add_parameters(env: Environment, template: Template, builders: Mapping[str, StackBuilder]) -> None:
    _add_parameter(
        template,
        RootParameter.TEMPLATES_URL,
        "URL of the folder with the nested templates, without a slash at the end",
        AllowedPattern="https?://.*[^/]",
    )
    for name in builders:
        description = f"File name of the template of {name} in that folder: its SHA-256"
        _add_parameter(template, template_parameter(name), description, AllowedPattern=r"[0-9a-f]{64}\.yaml")
    _add_parameter(
        template,
        RootParameter.IMAGE_DIGEST,
        "Digest of the image that every Airflow container runs",
        AllowedPattern="sha256:[0-9a-f]{64}",
    )
    template.add_parameter(
        Parameter(values.IMAGE_TAG.title, Type="String", Description=values.IMAGE_TAG.description, Default=NO_TAG)
    )
    taken = {value for builder in builders.values() for value in builder.inputs}
    _add_foreign_images(env, template, taken)
    for value in ROOT_PARAMETERS:
        if value in taken:
            template.add_parameter(Parameter(value.title, Type="String", Description=value.description))
    asked = {values.count_of(process.name): env.count(process) for process in env.processes}
    for value in in_order(taken & {*values.COUNTS}):
        # A deploy passes every count; that which the YAML asks for stands here to be reviewed.
        several = {"Default": asked[value]} if asked[value] > 1 else {}
        parameter = Parameter(value.title, Type="Number", Description=value.description, MinValue=0, **several)
        template.add_parameter(parameter)


def _add_foreign_images(env: Environment, template: Template, taken: AbstractSet[StackValue]) -> None:
    """Add a parameter for each image of another registry; a deploy resolves the tag that is its default."""
    tags = {
        values.BASE_IMAGE: env.airflow.release.base_image(env.airflow.python),
        values.DATABASE_IMAGE: env.database.facts.reference(env.database.version),
    }
    for value, tag in tags.items():
        if value in {values.BASE_IMAGE, *taken}:
            template.add_parameter(Parameter(value.title, Type="String", Description=value.description, Default=tag))


def _add_parameter(template: Template, name: str, description: str, **constraints: str) -> None:
    template.add_parameter(Parameter(name, Type="String", Description=description, **constraints))


def _nested_stack(
    name: str, builder: StackBuilder, sources: Mapping[StackValue, Source], dependencies: Mapping[str, Any]
) -> NestedStack:
    stack = ALL_STACKS[name]
    parameters = {value.title: _argument(name, value, sources) for value in in_order(builder.inputs)}
    passed: dict[str, Any] = {"Parameters": parameters} if parameters else {}
    return NestedStack(
        title(name),
        Metadata={"Description": stack.DESCRIPTION},
        TemplateURL=template_url(name),
        TimeoutInMinutes=stack.TIMEOUT_MINUTES,
        **dependencies,
        **passed,
        **DELETE,  # the resources of a nested stack say themselves what is retained
    )


def _dependencies(name: str, builders: Mapping[str, StackBuilder]) -> dict[str, list[str]]:
    """Return the stacks that come before this one although it takes nothing of them."""
    first = [title(LIFETIME)] if LIFETIME in builders and name != LIFETIME else []
    behind = AFTER.get(name, "")
    if behind in builders and not builders[behind].outputs.keys() & builders[name].inputs.keys():
        first.append(title(behind))
    return {"DependsOn": first} if first else {}


def _argument(name: str, value: StackValue, sources: Mapping[StackValue, Source]) -> Any:
    """Return what the root passes to a nested stack for one of its parameters."""
    if value == values.IMAGE:
        repository = ".".join(sources[values.REPOSITORY_URI].data["Fn::GetAtt"])
        return Sub(f"${{{repository}}}@${{{RootParameter.IMAGE_DIGEST}}}")
    if value == values.ROOT_STACK:
        return Ref("AWS::StackId")
    if value in {values.IMAGE_TAG, *IMAGES_OF_STACKS, *ROOT_PARAMETERS, *values.COUNTS}:
        return Ref(value.title)
    return _output_of(name, value, sources)


def _output_of(taker: str, value: StackValue, sources: Mapping[StackValue, Source]) -> Source:
    if value not in sources:
        raise CompileError(
            f"{taker} takes {value.title}, which no stack outputs",
            next_step=f"Output {value.title} in the module of compiler/stacks/ that makes it.",
        )
    return sources[value]


def _known(taker: str, value: StackValue | str, sources: Mapping[StackValue, Source]) -> Source | str:
    return value if isinstance(value, str) else _output_of(taker, value, sources)


def _add_outputs(env: Environment, template: Template, sources: Mapping[StackValue, Source]) -> None:
    facts = {
        RootOutput.NAME: ("Name of this environment", env.name),
        RootOutput.AIRFLOW_VERSION: ("Airflow release that runs here", env.airflow.version),
        RootOutput.PROTECT: ("Whether state is protected against mistakes", str(env.protect).lower()),
    }
    if address := env.database.address:
        facts[RootOutput.EXTERNAL_DATABASE] = ("Where the database is, which somebody else made", address)
    for name, (description, content) in facts.items():
        template.add_output(Output(name, Description=description, Value=content))
    base = values.BASE_IMAGE
    template.add_output(Output(RootOutput.BASE_IMAGE, Description=base.description, Value=Ref(base.title)))
    first = (value for value in ROOT_OUTPUTS if value in sources)
    later = (value for value in sources if value in LATER_ROOT_OUTPUTS)
    for value in (*first, *later):
        name = OUTPUT_NAMES.get(value, value.title)
        template.add_output(Output(name, Description=value.description, Value=_output_of("root", value, sources)))
    subnets = Join(",", [_known("root", value, sources) for value in placement_of(env).task_subnets])
    description = "Subnets of load balancer and tasks, joined by commas"
    template.add_output(Output(RootOutput.TASK_SUBNETS, Description=description, Value=subnets))
