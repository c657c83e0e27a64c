"""Task definitions keep all properties: secrets, volumes, health checks, dependencies, stop timeouts."""

from typing import Any

from rehearsal.emulator.patches import shapes
from rehearsal.emulator.patches.handlers import Created, ResourceHandlers

KIND = "AWS::ECS::TaskDefinition"


class TaskDefinitions:
    """Registers through the API, whose request shape has every property."""

    def __init__(self, handlers: ResourceHandlers) -> None:
        self._handlers = handlers
        self._replaced: dict[str, str] = {}
        """The revision that each revision replaced."""

    def apply(self) -> None:
        """Replace all three handlers."""
        self._handlers.put(KIND, create=self._create, update=self._update, delete=self._delete)

    def _create(self, logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        named = {"Family": f"{stack}-{logical_id}", **properties}
        request = shapes.request("ecs", "RegisterTaskDefinition", named)
        answer = self._handlers.api("ecs").register_task_definition(**request)
        arn = answer["taskDefinition"]["taskDefinitionArn"]
        return arn, {"TaskDefinitionArn": arn}

    def _update(self, physical_id: str, old: Any, new: Any, stack: str, logical_id: str | None) -> Created:
        """Make a new revision when anything but the tags changes."""
        if {**old, "Tags": None} == {**new, "Tags": None}:
            return physical_id, {"TaskDefinitionArn": physical_id}
        created = self._create(logical_id or physical_id, new, stack)
        self._replaced[created[0]] = physical_id
        return created

    def _delete(self, physical_id: str, _properties: Any) -> None:
        """Deregister a revision and those that it replaced; AWS does this after each update."""
        revision: str | None = physical_id
        while revision:
            self._handlers.api("ecs").deregister_task_definition(taskDefinition=revision)
            revision = self._replaced.pop(revision, None)
