"""What the rollback of a creation could not delete stays in its stack, so that it can be found and deleted later.

MiniStack ends with ROLLBACK_FAILED and forgets the resource, and the template of a first change set.
Source: "Determine the cause of a stack failure", AWS CloudFormation User Guide,
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/determine-root-cause-for-stack-failures.html
"""

from collections.abc import Awaitable, Callable
from typing import Any

from ministack.services.cloudformation import handlers, stacks

from rehearsal.emulator.patches.rebinding import rebind

TAKES = "stack_name stack_id stack operation reason_override"

RollBack = Callable[..., Awaitable[None]]


def apply() -> None:
    """Put back what could not be deleted, whether a failure or RollbackStack begins the rollback."""
    for module in (stacks, handlers):
        rebind(module, "_roll_back_operation", _keeping, takes=TAKES)


def _keeping(roll_back: RollBack) -> RollBack:
    async def roll_back_keeping(
        stack_name: str, stack_id: str, stack: dict[str, Any], operation: dict[str, Any], reason_override: str = ""
    ) -> None:
        before = dict(stack["_resources"])
        await roll_back(stack_name, stack_id, stack, operation, reason_override)
        if stack["StackStatus"] == "ROLLBACK_FAILED":
            stack["_template"] = operation["template"]  # by which a deletion knows what needs what
            for logical_id in stack["_rollback_failed"]:
                stack["_resources"][logical_id] = {**before[logical_id], "ResourceStatus": "DELETE_FAILED"}

    return roll_back_keeping
