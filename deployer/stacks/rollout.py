"""Brings a stack to its target: executes change sets and follows them to the end, whatever state the stack is in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from deployer.aws.errors import AwsRefusal
from deployer.aws.missing_right import next_step
from deployer.aws.session import Session
from deployer.aws.stacks import STACK_TYPE, Resource, Stack
from deployer.progress import Progress
from deployer.stacks.change_sets import Proposal, Target, is_current, propose
from deployer.stacks.events import BEGINNING, Outcome, Watch, follow, look_away, newest, start_of_operation
from deployer.stacks.failure_cause import explain_failure, root_cause
from deployer.stacks.protection import lift_protection
from deployer.stacks.stateful_types import STATEFUL, TEST_FILE
from deployer.stacks.statuses import STATES, UNKNOWN, Action, action_of, is_over, went_well
from spec.errors import Refusal

_LOOKS = 6
"""How often a stack is waited for or repaired before the deploy is refused."""
_LATE_SECONDS = 120.0
"""How long the description of a stack may lag behind its events."""


class RolloutFailure(Refusal):
    """An operation on a stack did not reach what it wanted."""


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """A stack that is what it should be, and whether anything had to be done for it: it was `created` or updated."""

    stack: Stack
    changed: bool
    created: bool = False


Review = Callable[[Proposal, Stack | None], None]
"""Looks at a change set before it is executed, and at the stack that it changes."""


def _pass(_proposal: Proposal, _stack: Stack | None) -> None:
    """Let every change set pass."""


def roll_out(
    session: Session,
    target: Target,
    progress: Progress,
    review: Review = _pass,
    watch: Watch = look_away,
) -> Rollout:
    """Bring a stack to its target and return it.

    `review` may raise to stop a change set before it is executed; the change set is then deleted. `watch` sees the
    services that CloudFormation waits for.
    Raises `RolloutFailure`.
    """
    stack = settle(session, target.name, session.cloudformation.stack(target.name), progress)
    return change(session, stack, target, progress, review=review, watch=watch)


def change(
    session: Session,
    stack: Stack | None,
    target: Target,
    progress: Progress,
    *,
    review: Review = _pass,
    watch: Watch = look_away,
) -> Rollout:
    """Bring a stack that has come to rest to its target, or make it where there is none; the rest is as above."""
    if stack is not None and is_current(session, stack, target):
        return Rollout(stack=stack, changed=False)
    proposal = propose(session, target, first=stack is None)
    if proposal is None:
        return Rollout(stack=_existing(session, target.name), changed=False)
    for warning in proposal.warnings:
        progress.note(f"CloudFormation warns: {warning}")
    try:
        review(proposal, stack)
    except Refusal:
        session.cloudformation.delete_change_set(proposal.arn)
        raise
    _execute(session, proposal, progress, watch)
    return Rollout(stack=_existing(session, target.name), changed=True, created=proposal.first)


def settle(session: Session, name: str, stack: Stack | None, progress: Progress) -> Stack | None:
    """Wait for what goes on in a stack and clear away what failed; return it, or None when it is to be created.

    `stack` is what was seen just now of the one with this name. Raises `RolloutFailure`.
    """
    for _ in range(_LOOKS):
        action = action_of(stack)
        if stack is None or action is Action.CREATE:
            return None
        if action is Action.UPDATE:
            return stack
        refuse_status(stack, session.region)
        _repair(session, stack, action, progress)
        stack = session.cloudformation.stack(name)
    raise RolloutFailure(
        f"Stack {name} does not come to rest.",
        why="Something else seems to work on it at the same time.",
        next_step="Look at the stack in the CloudFormation console, then run the same command again.",
    )


def refuse_status(stack: Stack, region: str) -> None:
    """Raise `RolloutFailure` when only the user can bring the stack to rest."""
    row = STATES.get(stack.status, UNKNOWN)
    if row.action is Action.REFUSE:
        raise RolloutFailure(
            f"Stack {stack.name} is {stack.status}.",
            why=row.why,
            next_step=row.next_step.format(stack=stack.name, region=region),
        )


def delete(session: Session, stack_id: str, progress: Progress, *, token: str, role: str | None = None) -> Outcome:
    """Delete a stack, as `role` if one is given, and follow it; the outcome may be DELETE_FAILED."""
    since = newest(session, stack_id)
    session.cloudformation.delete_stack(stack_id, token, role)
    return follow(session, stack_id, since, progress)


def _execute(session: Session, proposal: Proposal, progress: Progress, watch: Watch) -> None:
    since = BEGINNING if proposal.first else newest(session, proposal.stack_id)
    try:
        session.cloudformation.execute_change_set(proposal.arn, proposal.arn.rpartition("/")[2], first=proposal.first)
    except AwsRefusal as error:
        # A lost answer makes the client ask twice; the second time the change set is executing already.
        if error.code not in {"InvalidChangeSetStatus", "InvalidChangeSetStatusException"}:
            raise
        if not session.cloudformation.change_set(proposal.arn).execution_status.startswith("EXECUTE_"):
            raise
    outcome = follow(session, proposal.stack_id, since, progress, watch, still=proposal.still)
    if not went_well(outcome.status):
        raise failure(session, outcome)


def failure(session: Session, outcome: Outcome) -> RolloutFailure:
    """Return what is to be said about an operation that failed."""
    cause = root_cause(outcome.events)
    why = explain_failure(session, cause, outcome.raw[outcome.events.index(cause)].stack_id) if cause else ""
    return RolloutFailure(
        f"CloudFormation ended with {outcome.status}.",
        why=why,
        next_step=next_step(why) or "Repair the cause, then run the same command again.",
    )


def _repair(session: Session, stack: Stack, action: Action, progress: Progress) -> None:
    if action is Action.WAIT:
        progress.note(f"Stack {stack.name} is {stack.status}; waiting for it to come to rest.")
        follow(session, stack.id, start_of_operation(session, stack.id), progress)
        return
    if action is Action.CONTINUE:
        _continue_rollback(session, stack, progress)
        return
    _refuse_retained(session, stack)
    progress.note(f"Stack {stack.name} is {stack.status}, left by a creation that failed; deleting it first.")
    lift_protection(session, stack.id, progress)
    outcome = delete(session, stack.id, progress, token=f"recreate-{stack.id.rpartition('/')[2]}")
    if outcome.status != "DELETE_COMPLETE":
        raise failure(session, outcome)


def _continue_rollback(session: Session, stack: Stack, progress: Progress) -> None:
    """Continue a rollback; if it fails again, leave the resources as they are for which it does.

    Source: ContinueUpdateRollback (ResourcesToSkip), AWS CloudFormation API Reference,
    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html
    Raises `RolloutFailure` when one of them holds state, which only the user can judge.
    """
    progress.note(f"Stack {stack.name} is {stack.status}; continuing its rollback.")
    outcome = _continued(session, stack, progress)
    if outcome.status != stack.status:
        return
    stuck = tuple(_stuck(session, stack.id, ""))
    names = tuple(name for name, _ in stuck)
    if not stuck or any(resource.type in STATEFUL for _, resource in stuck):
        raise _stuck_failure(session, stack, outcome, names)
    progress.note(f"It cannot roll back {', '.join(names)}; leaving them as they are.")
    outcome = _continued(session, stack, progress, names)
    if outcome.status == stack.status:
        raise failure(session, outcome)


def _continued(session: Session, stack: Stack, progress: Progress, skip: tuple[str, ...] = ()) -> Outcome:
    since = newest(session, stack.id)
    session.cloudformation.continue_rollback(stack.id, skip)
    return follow(session, stack.id, since, progress)


def _stuck(session: Session, stack_id: str, nested: str) -> Iterator[tuple[str, Resource]]:
    """Yield what a rollback failed for, as CloudFormation wants it named: below a nested stack by its name."""
    for resource in session.cloudformation.resources(stack_id):
        if resource.type == STACK_TYPE and resource.physical_id:
            yield from _stuck(session, resource.physical_id, f"{resource.physical_id.split('/')[1]}.")
        elif resource.status == "UPDATE_FAILED":
            yield f"{nested}{resource.logical_id}", resource


def _stuck_failure(session: Session, stack: Stack, outcome: Outcome, names: tuple[str, ...]) -> RolloutFailure:
    found = failure(session, outcome)
    if not names:
        return found
    command = f"aws cloudformation continue-update-rollback --stack-name {stack.name} --region {session.region}"
    return RolloutFailure(
        found.what,
        why="\n".join((found.why, f"The rollback fails for {', '.join(names)}, and some of that holds state.")),
        next_step=f"Repair the cause and deploy again; or leave them as they are with `{command} --resources-to-skip "
        f"{' '.join(names)}`, then deploy again.",
    )


def _refuse_retained(session: Session, stack: Stack) -> None:
    held = tuple(_held(session, stack.id, ""))
    if held:
        raise RolloutFailure(
            f"Stack {stack.name} is {stack.status} and still holds state.",
            why="\n".join(held),
            next_step="Save what you need of it, then run `windsock teardown`, or `windsock network teardown`, and "
            "deploy again.",
        )


def _held(session: Session, stack_id: str, path: str) -> list[str]:
    held: list[str] = []
    for resource in session.cloudformation.resources(stack_id):
        own = f"{path}/{resource.logical_id}" if path else resource.logical_id
        if resource.type == STACK_TYPE and resource.physical_id:
            held += _held(session, resource.physical_id, own)
        elif resource.type in STATEFUL and resource.physical_id and resource.status in _HOLDING:
            if resource.type == _BUCKET and _holds_nothing(session, resource.physical_id):
                continue
            held.append(f"{own} ({resource.type}) {resource.physical_id}")
    return held


_BUCKET = "AWS::S3::Bucket"


def _holds_nothing(session: Session, bucket: str) -> bool:
    """Delete what a load balancer has tried the bucket with, and return whether nothing is left in it."""
    if not session.s3.exists(bucket):
        return True
    for stored in session.s3.objects(bucket):
        if stored.key.endswith(TEST_FILE):
            session.s3.purge(bucket, stored.key)
    return session.s3.is_empty(bucket)


_HOLDING = frozenset({"CREATE_COMPLETE", "DELETE_FAILED", "DELETE_SKIPPED", "UPDATE_COMPLETE"})


def _existing(session: Session, name: str) -> Stack:
    """Return a stack whose operation has ended; its outputs show up with its status, which may be later."""

    def look() -> tuple[Stack | None] | None:
        stack = session.cloudformation.stack(name)
        return (stack,) if stack is None or is_over(stack.status) else None

    (stack,) = session.clock.until(look, limit=_LATE_SECONDS) or (None,)
    if stack is None:
        raise RolloutFailure(f"Stack {name} is gone.", why="Somebody deleted it meanwhile.")
    return stack
