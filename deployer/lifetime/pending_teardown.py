"""Lets whatever goes on in an environment come to its end before a deploy begins, a teardown of it above all."""

from deployer.aws.session import Session
from deployer.aws.stacks import Stack
from deployer.progress import Progress
from deployer.record.owned_resources import read_note
from deployer.stacks.bootstrap import find_templates_bucket
from deployer.stacks.rollout import settle
from deployer.stacks.statuses import STATES, UNKNOWN, Action
from spec.errors import Refusal

_TEARDOWN_SECONDS = 300.0
"""How long a teardown may show no sign of life; its longest silent phase waits for tasks to end."""


class TeardownUnfinished(Refusal):
    """An environment is being torn down, or somebody began to."""


def wait_for_pending_teardown(session: Session, name: str, progress: Progress) -> Stack | None:
    """Return the stack to be changed, or None when it is to be created, once nothing works on it any more.

    What a teardown clears after the stack is gone bears the environment's name too, and so would what a deploy brings.
    Raises `TeardownUnfinished` when a teardown began and does not go on.
    """
    stack = settle(session, name, progress)
    if not _is_torn_down(session, name):
        return stack
    progress.note(f"{name} is being torn down; waiting for the end of that.")
    while (seen := session.clock.until(lambda: _look(session, name), limit=_TEARDOWN_SECONDS)) is Action.WAIT:
        settle(session, name, progress)
    if seen is None:
        raise TeardownUnfinished(
            f"{name} is being torn down, and that does not come to its end; nothing was changed.",
            why="A teardown of it began and was interrupted, or somebody else's still waits for tasks to stop.",
            next_step="Finish it with `windsock teardown`, then deploy again.",
        )
    return settle(session, name, progress)


def _look(session: Session, name: str) -> Action | None:
    """Return what to do next: create it, wait for an operation on the stack, or look again."""
    if not _is_torn_down(session, name):
        return Action.CREATE
    stack = session.cloudformation.stack(name)
    busy = stack is not None and STATES.get(stack.status, UNKNOWN).action is Action.WAIT
    return Action.WAIT if busy else None


def _is_torn_down(session: Session, name: str) -> bool:
    """Whether there is the note that a teardown writes at its beginning and removes at its end."""
    bucket = find_templates_bucket(session)
    return bool(bucket) and read_note(session, bucket or "", name) is not None
