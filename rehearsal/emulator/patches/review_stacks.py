"""Another change set that would create a stack belongs to the stack that the first one has made, under the same id.

Source: CreateChangeSet (ChangeSetType), AWS CloudFormation API Reference,
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Callable
from typing import Any

from ministack.services import cloudformation
from ministack.services.cloudformation import _change_sets, _stack_events, _stacks, helpers

from rehearsal.emulator.patches.rebinding import rebind_action

REVIEW = "REVIEW_IN_PROGRESS"

Answering = Callable[[dict[str, Any]], Any]
Stack = dict[str, Any]
"""MiniStack's record of a stack."""


def apply() -> None:
    """Keep the stack; this comes before other corrections of CreateChangeSet."""
    rebind_action(cloudformation, "CreateChangeSet", _keeping)


def _keeping(create: Answering) -> Answering:
    def create_in_place(request: dict[str, Any]) -> Any:
        name = helpers._p(request, "StackName").rpartition(":stack/")[2].partition("/")[0]
        held = _stacks.get(name)
        status, headers, body = create(request)
        made = _stacks.get(name)
        if held is None or held["StackStatus"] != REVIEW or made is held:
            return status, headers, body
        if made is None:  # the second change set was refused, and the first one stays
            _stacks[name] = held
            return status, headers, body
        new = made["StackId"]
        _take_over(held, made)
        return status, headers, body.replace(new.encode(), held["StackId"].encode())

    return create_in_place


def _take_over(held: Stack, made: Stack) -> None:
    """Give a new record the id, the age and the events of the one that it replaced."""
    new, old = made["StackId"], held["StackId"]
    made.update(StackId=old, CreationTime=held["CreationTime"])
    _stack_events.pop(new, None)
    for change_set in _change_sets.values():
        if change_set["StackId"] == new:
            change_set["StackId"] = old
