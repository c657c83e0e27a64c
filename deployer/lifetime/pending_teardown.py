"""Lets whatever goes on in an environment come to its end before a deploy begins, and takes an early teardown back."""

from deployer.aws.session import Session
from deployer.aws.stacks import Stack
from deployer.progress import Progress
from deployer.record.owned_resources import read_note, remove_note
from deployer.stacks.bootstrap import find_templates_bucket
from deployer.stacks.rollout import settle
from spec.errors import Refusal


class TeardownUnfinished(Refusal):
    """An environment is gone, and its teardown did not clear what stays behind."""


def end_pending_teardown(session: Session, name: str, progress: Progress) -> Stack | None:
    """Return the stack to be changed, or None when it is to be created, once nothing works on it any more.

    A deploy has the lease, so no other run tears the environment down: one that began was interrupted. As long as its
    stack is whole, it is taken back, and the deploy brings again what it stopped and emptied.
    Raises `TeardownUnfinished` when the stack is gone: what is left bears the environment's name, and is to go first.
    """
    stack = settle(session, name, session.cloudformation.stack(name), progress)
    bucket = find_templates_bucket(session) or ""
    if not bucket or read_note(session, bucket, name) is None:
        return stack
    if stack is None:
        raise TeardownUnfinished(
            f"{name} was torn down, and that did not come to its end; nothing was changed.",
            why="Its stack is gone, but a teardown was interrupted before it cleared what CloudFormation leaves.",
            next_step="Finish it with `windsock teardown`, then deploy again.",
        )
    progress.note(
        f"A teardown of {name} was interrupted before its stack went; taking it back. "
        "This deploy brings code, image and services again."
    )
    remove_note(session, bucket, name)
    return stack
