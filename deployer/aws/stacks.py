"""What CloudFormation says about stacks, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

STACK_TYPE = "AWS::CloudFormation::Stack"


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A stack as it is now; `role` is the ARN of the one with which CloudFormation works on it, if it has one."""

    id: str
    name: str
    status: str
    reason: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    created: datetime | None = None
    role: str = ""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a change set will do to one resource; `nested` is the ARN of the change set of a nested stack."""

    action: str
    logical_id: str
    type: str
    physical_id: str = ""
    replacement: str = ""
    policy_action: str = ""
    nested: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangeSet:
    """A change set as it is now."""

    arn: str
    stack_id: str
    status: str
    execution_status: str
    reason: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of a stack's history."""

    id: str
    stack_id: str
    stack: str
    time: datetime
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str

    @property
    def is_stack(self) -> bool:
        """Whether the event is about the stack itself, not of one of its resources."""
        return self.type == STACK_TYPE and self.physical_id == self.stack_id


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource of a stack."""

    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str = ""
    stack_id: str = ""


@dataclass(frozen=True, kw_only=True)
class PropertyDrift:
    """A property that is not as CloudFormation left it: its path below `Properties`, and both values as text."""

    path: str
    expected: str
    actual: str


@dataclass(frozen=True, kw_only=True)
class ResourceDrift:
    """A resource that somebody changed, or `deleted`, past CloudFormation."""

    logical_id: str
    type: str
    deleted: bool = False
    properties: tuple[PropertyDrift, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DriftDetection:
    """How far CloudFormation is with its look at the resources of one stack."""

    status: str
    reason: str = ""
