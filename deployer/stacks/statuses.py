"""The one table of stack statuses: what a deploy does about each, and what the user can do about the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from deployer.aws.stacks import Stack


class Action(Enum):
    """What a deploy does about a stack."""

    CREATE = "create it"
    UPDATE = "update it"
    WAIT = "wait for the operation in progress, then look again"
    RECREATE = "delete what a failed creation left, then create it"
    CONTINUE = "continue the rollback that failed, then look again"
    REFUSE = "leave it to the user"


@dataclass(frozen=True)
class Row:
    """One status: the action, and for a refusal why and the next step (`{stack}` and `{region}` are filled in)."""

    action: Action
    why: str = ""
    next_step: str = ""


_CREATE = Row(Action.CREATE)
_UPDATE = Row(Action.UPDATE)
_WAIT = Row(Action.WAIT)
_RECREATE = Row(Action.RECREATE)

STATES: Mapping[str, Row] = MappingProxyType(
    {
        "REVIEW_IN_PROGRESS": _CREATE,  # an abandoned first change set: the stack holds nothing
        "DELETE_COMPLETE": _CREATE,
        "CREATE_COMPLETE": _UPDATE,
        "UPDATE_COMPLETE": _UPDATE,
        "UPDATE_ROLLBACK_COMPLETE": _UPDATE,
        "IMPORT_COMPLETE": _UPDATE,
        "IMPORT_ROLLBACK_COMPLETE": _UPDATE,
        "CREATE_IN_PROGRESS": _WAIT,
        "ROLLBACK_IN_PROGRESS": _WAIT,
        "DELETE_IN_PROGRESS": _WAIT,
        "UPDATE_IN_PROGRESS": _WAIT,
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": _WAIT,
        "UPDATE_ROLLBACK_IN_PROGRESS": _WAIT,
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": _WAIT,
        "IMPORT_IN_PROGRESS": _WAIT,
        "IMPORT_ROLLBACK_IN_PROGRESS": _WAIT,
        "CREATE_FAILED": _RECREATE,
        "ROLLBACK_COMPLETE": _RECREATE,
        "ROLLBACK_FAILED": _RECREATE,
        "UPDATE_ROLLBACK_FAILED": Row(Action.CONTINUE),
        "UPDATE_FAILED": Row(
            Action.REFUSE,
            "An update that somebody started without rollback has failed half-way.",
            "Roll it back with `aws cloudformation rollback-stack --stack-name {stack} --region {region}`, "
            "then deploy again.",
        ),
        "IMPORT_ROLLBACK_FAILED": Row(
            Action.REFUSE,
            "Somebody's import of resources into the stack failed, and so did its rollback.",
            "Repair the stack in the CloudFormation console, then deploy again.",
        ),
        "DELETE_FAILED": Row(
            Action.REFUSE,
            "A teardown of this environment did not finish.",
            "Finish it with `windsock teardown`, then deploy again.",
        ),
    }
)

UNKNOWN = Row(
    Action.REFUSE,
    "Windsock does not know this stack status.",
    "Look at the stack in the CloudFormation console.",
)


def action_of(stack: Stack | None) -> Action:
    """Return what a deploy does about a stack; one that does not exist is created."""
    return STATES.get(stack.status, UNKNOWN).action if stack else Action.CREATE


def is_over(status: str) -> bool:
    """Whether no operation is in progress."""
    return not status.endswith("_IN_PROGRESS")


def went_well(status: str) -> bool:
    """Whether the last operation reached what it wanted: not failed and not rolled back."""
    return status.endswith("_COMPLETE") and "ROLLBACK" not in status
