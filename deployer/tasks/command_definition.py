"""Registers one-off tasks as they will be after the next change set, as far as templates say so without AWS."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from compiler.contract import AIRFLOW, SYNC, RootOutput
from compiler.model.template_set import TemplateSet
from deployer.aws.ecs import family_of
from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs
from deployer.stacks.template_diff import resources

Definition = Mapping[str, Any]
"""A task definition or a container definition as ECS answers it."""

_UNORDERED = ("environment", "secrets")


def command_definition(session: Session, outputs: Outputs, templates: TemplateSet, image: str) -> str:
    """Return a revision of the command task that is as `templates` have it and runs `image`; register it if need be.

    The stack's own revision follows only with the next change set, but the database must be ready before that.
    """
    own, newest = _deployed(session, outputs.command_task)
    return _revision(session, (own, newest), _with_image(_as_templates_say(own, templates), AIRFLOW, image))


def sync_definition(session: Session, outputs: Outputs, digest: str) -> str:
    """Return a revision of the sync task that runs the image with this digest; register it if need be."""
    own, newest = _deployed(session, outputs.sync_task)
    return _revision(session, (own, newest), _with_image(own, SYNC, f"{outputs.repository_uri}@{digest}"))


def _deployed(session: Session, arn: str) -> tuple[Definition, Definition]:
    """Return the stack's own revision and the newest of its family, which mostly is that one."""
    newest = session.ecs.task_definition(family_of(arn))
    return (newest if newest["taskDefinitionArn"] == arn else session.ecs.task_definition(arn)), newest


def _revision(session: Session, known: Iterable[Definition], wanted: Definition) -> str:
    fitting = (str(one["taskDefinitionArn"]) for one in known if _parts(one) == _parts(wanted))
    return next(fitting, None) or session.ecs.register(wanted)


def _as_templates_say(deployed: Definition, templates: TemplateSet) -> Definition:
    """Return the deployed definition with size, processors, variables and secrets as `templates` have them.

    Where a template refers to another resource the deployed value stays: nobody knows the new one yet. What only the
    new templates have and refer to is left out.
    """
    properties = _properties(templates)
    if not properties:
        return deployed
    platform = properties["RuntimePlatform"]
    return {
        **deployed,
        "cpu": properties["Cpu"],
        "memory": properties["Memory"],
        "runtimePlatform": {
            "cpuArchitecture": platform["CpuArchitecture"],
            "operatingSystemFamily": platform["OperatingSystemFamily"],
        },
        "containerDefinitions": [
            _merged(container, properties["ContainerDefinitions"]) for container in deployed["containerDefinitions"]
        ],
    }


def _with_image(definition: Definition, name: str, image: str) -> Definition:
    """Return the definition with another image of the container with this name."""
    containers = [
        {**container, "image": image} if container["name"] == name else container
        for container in definition["containerDefinitions"]
    ]
    return {**definition, "containerDefinitions": containers}


def _properties(templates: TemplateSet) -> Mapping[str, Any]:
    for name in templates.nested:
        resource = resources(templates.files[f"{name}.yaml"]).get(RootOutput.COMMAND_TASK_DEFINITION)
        if resource:
            found: Mapping[str, Any] = resource["Properties"]
            return found
    return {}


def _merged(container: Definition, wanted: Iterable[Mapping[str, Any]]) -> Definition:
    own = next((one for one in wanted if one["Name"] == container["name"]), None)
    if own is None:
        return container
    return {
        **container,
        "environment": _entries(container.get("environment", ()), own["Environment"], "value"),
        "secrets": _entries(container.get("secrets", ()), own["Secrets"], "valueFrom"),
    }


def _entries(
    deployed: Iterable[Mapping[str, str]], wanted: Sequence[Mapping[str, Any]], value: str
) -> list[dict[str, str]]:
    """Return the wanted entries; `value` is the key that names their value."""
    known = {entry["name"]: entry[value] for entry in deployed}
    key = f"{value[0].upper()}{value[1:]}"
    found = {entry["Name"]: entry[key] if isinstance(entry[key], str) else known.get(entry["Name"]) for entry in wanted}
    return [{"name": name, value: text} for name, text in found.items() if text is not None]


def _parts(definition: Definition) -> Any:
    """Return what decides whether two revisions do the same; ECS promises no order of variables and secrets."""
    containers = [
        {**container, **{key: sorted(container.get(key, ()), key=lambda one: one["name"]) for key in _UNORDERED}}
        for container in definition["containerDefinitions"]
    ]
    return containers, [definition.get(key) for key in ("volumes", "runtimePlatform", "cpu", "memory")]
