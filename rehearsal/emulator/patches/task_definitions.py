"""Task definitions keep everything the template says: secrets, volumes, health checks, dependencies, stop timeouts."""

from typing import Any

from rehearsal.emulator.patches import handlers, shapes

KIND = "AWS::ECS::TaskDefinition"

_replaced: dict[str, str] = {}
"""The revision that each one replaced."""


def apply() -> None:
    """Register through the API, whose shape knows every property."""
    handlers.put(KIND, create=_create, update=_update, update_with_logical_id=True, delete=_delete)


def _create(logical_id: str, properties: dict[str, Any], stack: str) -> handlers.Created:
    named = {"Family": f"{stack}-{logical_id}", **properties}
    request = shapes.request("ecs", "RegisterTaskDefinition", named)
    arn = handlers.api("ecs").register_task_definition(**request)["taskDefinition"]["taskDefinitionArn"]
    return arn, {"TaskDefinitionArn": arn}


def _update(physical_id: str, old: Any, new: Any, stack: str, logical_id: str | None = None) -> handlers.Created:
    """Everything but the tags makes a new revision."""
    if {**old, "Tags": None} == {**new, "Tags": None}:
        return physical_id, {"TaskDefinitionArn": physical_id}
    created = _create(logical_id or physical_id, new, stack)
    _replaced[created[0]] = physical_id
    return created


def _delete(physical_id: str, _properties: Any) -> None:
    """Deregister a revision and those that it replaced; on AWS these went when the update was complete."""
    revision: str | None = physical_id
    while revision:
        handlers.api("ecs").deregister_task_definition(taskDefinition=revision)
        revision = _replaced.pop(revision, None)
