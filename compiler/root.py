"""The parent template: every need of a nested stack wired to the stack that gives it."""

from collections.abc import Mapping
from typing import Any

from troposphere import GetAtt, Join, Output, Parameter, Ref, Sub, Template
from troposphere.cloudformation import Stack as NestedStack

from compiler.all_stacks import ALL_STACKS
from compiler.contract import DATABASE, LIFETIME, PerProcess, RootOutput, RootParameter, template_parameter, title
from compiler.model.errors import CompileError
from compiler.model.stack import DROP, Sheet
from compiler.model.stack_values import PUBLIC_SUBNETS, Wire
from spec.environment import Environment

TOLD: tuple[Wire, ...] = (
    Wire.URL,
    Wire.TARGET_GROUP,
    Wire.CLUSTER,
    Wire.REPOSITORY,
    Wire.REPOSITORY_URI,
    Wire.CODE_BUCKET,
    Wire.MARKER,
    Wire.FILE_SYSTEM,
    Wire.DATABASE_INSTANCE,
    Wire.DATABASE_ACCESS_POINT,
    Wire.ADMIN_PASSWORD,
    Wire.COMMAND_TASK_DEFINITION,
    Wire.SYNC_TASK_DEFINITION,
    Wire.COMMAND_SECURITY_GROUP,
    Wire.SYNC_SECURITY_GROUP,
)
"""What whoever deploys or looks at an environment wants to know of it."""

TOLD_IF_GIVEN = frozenset({Wire.EXPIRY_SCHEDULE}) | Wire.every(PerProcess.SERVICE) | Wire.every(PerProcess.LOG_GROUP)
"""Likewise, where the environment has them."""

ASKED = (Wire.OAUTH_VERSION, Wire.EXPIRES_AT, Wire.DELETION_ROLE)
"""What the deployer tells every environment that needs it, as parameters of the root."""

OUTPUTS: Mapping[Wire, str] = {
    Wire.TARGET_GROUP: RootOutput.TARGET_GROUP,
    Wire.FILE_SYSTEM: RootOutput.FILE_SYSTEM,
    Wire.ADMIN_PASSWORD: RootOutput.ADMIN_PASSWORD,
}
"""Outputs of the root that bear another name than the value does between the stacks."""

AFTER: Mapping[str, str] = {"services": DATABASE}
"""Stacks that wait for another even where they take no value of it: a database in a container has a constant name."""


def draw_root(env: Environment, sheets: Mapping[str, Sheet]) -> Template:
    """Return the template that puts the nested stacks of an environment together."""
    template = Template(Description=f"{env.name}: Apache Airflow {env.airflow.version} on ECS Fargate")
    _draw_parameters(template, sheets)
    givers = {wire: name for name, sheet in sheets.items() for wire in sheet.gives}
    for name, sheet in sheets.items():
        template.add_resource(_nested(name, sheet, givers, _first(name, sheets, givers)))
    _tell(env, template, givers)
    return template


def template_url(stack: str) -> Sub:
    """Return where the root finds a nested template."""
    return Sub(f"${{{RootParameter.TEMPLATES_URL}}}/${{{template_parameter(stack)}}}")


def _draw_parameters(template: Template, sheets: Mapping[str, Sheet]) -> None:
    where = "Where the nested templates are, without a slash at the end"
    template.add_parameter(
        Parameter(RootParameter.TEMPLATES_URL, Type="String", Description=where, AllowedPattern="https?://.*[^/]")
    )
    for name in sheets:
        template.add_parameter(
            Parameter(
                template_parameter(name),
                Type="String",
                Description=f"File name of the template of {name} there: its SHA-256",
                AllowedPattern=r"[0-9a-f]{64}\.yaml",
            )
        )
    template.add_parameter(
        Parameter(
            RootParameter.IMAGE_DIGEST,
            Type="String",
            Description="Digest of the image that every Airflow container runs",
            AllowedPattern="sha256:[0-9a-f]{64}",
        )
    )
    for wire in ASKED:
        if any(wire in sheet.needs for sheet in sheets.values()):
            template.add_parameter(Parameter(wire.title, Type="String", Description=wire.description))
    for wire in _counts(sheets):
        template.add_parameter(Parameter(wire.title, Type="Number", Description=wire.description, MinValue=0))


def _counts(sheets: Mapping[str, Sheet]) -> list[Wire]:
    needed = {wire for sheet in sheets.values() for wire in sheet.needs}
    return [wire for wire in Wire if wire in needed & Wire.every(PerProcess.COUNT)]


def _nested(name: str, sheet: Sheet, givers: Mapping[Wire, str], first: Mapping[str, Any]) -> NestedStack:
    stack = ALL_STACKS[name]
    parameters: dict[str, Any] = {wire.title: _value(name, wire, givers) for wire in Wire if wire in sheet.needs}
    more: dict[str, Any] = {"Parameters": parameters} if parameters else {}
    return NestedStack(
        title(name),
        Metadata={"Description": stack.DESCRIPTION},
        TemplateURL=template_url(name),
        TimeoutInMinutes=stack.TIMEOUT_MINUTES,
        **first,
        **more,
        **DROP,  # what a nested stack keeps is its own resources' to say
    )


def _first(name: str, sheets: Mapping[str, Sheet], givers: Mapping[Wire, str]) -> dict[str, list[str]]:
    """Return the stacks that come before this one although it takes nothing of them."""
    first = [title(LIFETIME)] if LIFETIME in sheets and name != LIFETIME else []
    behind = AFTER.get(name)
    if behind and behind not in {givers.get(wire) for wire in sheets[name].needs}:
        first.append(title(behind))
    return {"DependsOn": first} if first else {}


def _value(name: str, wire: Wire, givers: Mapping[Wire, str]) -> Any:
    if wire is Wire.IMAGE:
        return Sub(
            f"${{{title(givers[Wire.REPOSITORY_URI])}.Outputs.{Wire.REPOSITORY_URI.title}}}@${{{RootParameter.IMAGE_DIGEST}}}"
        )
    if wire is Wire.ROOT_STACK:
        return Ref("AWS::StackId")
    if wire in ASKED or wire in Wire.every(PerProcess.COUNT):
        return Ref(wire.title)
    return _given(name, wire, givers)


def _given(taker: str, wire: Wire, givers: Mapping[Wire, str]) -> GetAtt:
    if wire not in givers:
        raise CompileError(
            f"{taker} needs {wire.title}, which no stack gives",
            next_step=f"Give Wire.{wire.name} in the module of compiler/stacks/ that makes it.",
        )
    return GetAtt(title(givers[wire]), f"Outputs.{wire.title}")


def _tell(env: Environment, template: Template, givers: Mapping[Wire, str]) -> None:
    facts = {
        RootOutput.NAME: ("Name of this environment", env.name),
        RootOutput.AIRFLOW_VERSION: ("Release of Airflow that runs here", env.airflow.version),
        RootOutput.PROTECT: ("Whether state survives mistakes", str(env.protect).lower()),
    }
    for name, (description, value) in facts.items():
        template.add_output(Output(name, Description=description, Value=value))
    for wire in (*(wire for wire in TOLD if wire in givers), *(wire for wire in givers if wire in TOLD_IF_GIVEN)):
        output = OUTPUTS.get(wire, wire.title)
        template.add_output(Output(output, Description=wire.description, Value=_given("root", wire, givers)))
    subnets = Join(",", [_given("root", wire, givers) for wire in PUBLIC_SUBNETS])
    description = "Subnets of load balancer and tasks, joined by commas"
    template.add_output(Output(RootOutput.TASK_SUBNETS, Description=description, Value=subnets))
