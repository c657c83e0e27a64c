"""Describes what a deploy would change: reads the stack and asks for a change set, but executes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from deployer.aws.cloudformation import CloudFormation
from deployer.aws.session import Session
from deployer.aws.stacks import STACK_TYPE, Change, ChangeSet, Stack
from spec.errors import Refusal

_NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
_READY_SECONDS = 1800.0


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a stack is to become: its template, inline or by URL, its parameters and tags.

    With `role`, an ARN, CloudFormation works on it. One that `reverts_drift` makes again what is gone, and takes back
    what somebody changed by hand.
    """

    name: str
    body: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    role: str | None = None
    reverts_drift: bool = False


@dataclass(frozen=True)
class PlannedChange:
    """One change with the logical path of its resource, such as `Database/Instance`."""

    path: str
    change: Change


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A change set that is ready to be executed, read through all nested stacks; of a creation, the root's own."""

    arn: str
    stack_id: str
    first: bool
    changes: tuple[PlannedChange, ...]
    warnings: tuple[str, ...] = ()
    """What CloudFormation's validation found and lets pass, such as a quota without room."""

    @property
    def still(self) -> frozenset[str]:
        """The logical paths of the nested stacks in which nothing is to change.

        Their change sets are empty: each is shown as changed whenever one is.
        """
        busy = {planned.path.rpartition("/")[0] for planned in self.changes}
        nested = (planned.path for planned in self.changes if planned.change.nested and not self.first)
        return frozenset(path for path in nested if path not in busy)


def is_current(session: Session, stack: Stack, target: Target) -> bool:
    """Whether the stack already is what `target` says, so that no change set is needed; asks for its template."""
    if target.reverts_drift or not has_settings(stack, target):
        return False
    return session.cloudformation.template(stack.id).strip() == target.body.strip()


def has_settings(stack: Stack, target: Target) -> bool:
    """Whether the stack has the parameters and tags of `target`.

    The root's parameters carry the hash of each nested template, so equal root templates and parameters mean equal
    trees. A change set would not tell: it shows nested stacks as changed whenever there are any.
    """
    return dict(stack.parameters) == dict(target.parameters) and dict(stack.tags) == dict(target.tags)


def propose(session: Session, target: Target, *, first: bool) -> Proposal | None:
    """Make a change set towards `target` and read it; None when there is nothing to change.

    A change set that failed or is empty is deleted again. Raises `Refusal` with CloudFormation's reasons.
    """
    cloudformation = session.cloudformation
    arn = cloudformation.create_change_set(
        target.name,
        f"windsock-{int(session.clock.now() * 1000)}",
        "CREATE" if first else "UPDATE",
        parameters=target.parameters,
        tags=target.tags,
        body=None if target.url else target.body,
        url=target.url,
        role=target.role,
        reverts_drift=target.reverts_drift and not first,
    )
    ready = session.clock.until(lambda: _settled(cloudformation, arn), limit=_READY_SECONDS)
    if ready is None:
        raise Refusal(
            f"CloudFormation did not finish the change set of {target.name} within {_READY_SECONDS / 60:.0f} minutes.",
            next_step="Run the same command again.",
        )
    if ready.status == "FAILED":
        _clear(cloudformation, ready, target.name, first=first)
        return None
    changes = tuple(_adding(ready) if first else _tree(cloudformation, ready))
    warnings = tuple(found for arn in _doubtful(ready, changes) for found in cloudformation.validation_findings(arn))
    return Proposal(arn=ready.arn, stack_id=ready.stack_id, first=first, changes=changes, warnings=warnings)


def _adding(change_set: ChangeSet) -> Iterator[PlannedChange]:
    """Yield what a creation does; the change sets of its nested stacks say nothing new: all that they have is added."""
    return (PlannedChange(change.logical_id, change) for change in change_set.changes)


def _doubtful(root: ChangeSet, changes: Sequence[PlannedChange]) -> Iterator[str]:
    """Yield the change sets by which something surely comes or goes: validation warns of nothing else.

    Source: "Validate stack deployments" (quotas and recorders, buckets and repositories to delete), AWS CloudFormation
    User Guide, https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html
    """
    arns = {"": root.arn, **{planned.path: planned.change.nested for planned in changes if planned.change.nested}}
    moving = [planned.path for planned in changes if _moves(planned.change)]
    # What is in the change set of a nested stack that is itself added was not read.
    paths = dict.fromkeys(path for moved in moving for path in (moved.rpartition("/")[0], moved))
    return (arns[path] for path in paths if path in arns)


def _moves(change: Change) -> bool:
    """Whether a resource comes or goes, or another takes its place; what hangs on an output, AWS does not foresee."""
    return change.action != "Modify" or change.replacement == "True"


def _settled(cloudformation: CloudFormation, arn: str) -> ChangeSet | None:
    seen = cloudformation.change_set(arn)
    return seen if seen.status in {"CREATE_COMPLETE", "FAILED"} else None


def _clear(cloudformation: CloudFormation, failed: ChangeSet, name: str, *, first: bool) -> None:
    if any(text in failed.reason for text in _NO_CHANGES):
        cloudformation.delete_change_set(failed.arn)
        return
    reasons = (failed.reason, *cloudformation.validation_findings(failed.arn), *_nested_reasons(cloudformation, failed))
    cloudformation.delete_change_set(failed.arn)
    if first:
        cloudformation.delete_stack(failed.stack_id, f"abandon-{failed.arn.rpartition('/')[2]}")
    raise Refusal(
        f"CloudFormation does not accept the templates of {name}.",
        why="\n".join(dict.fromkeys(reason for reason in reasons if reason)),
        next_step="Nothing was changed.",
    )


def _nested_reasons(cloudformation: CloudFormation, parent: ChangeSet) -> Iterator[str]:
    for change in parent.changes:
        if change.nested:
            nested = cloudformation.change_set(change.nested)
            if nested.status == "FAILED" and not any(text in nested.reason for text in _NO_CHANGES):
                yield f"{change.logical_id}: {nested.reason}"
                yield from cloudformation.validation_findings(nested.arn)


def _tree(cloudformation: CloudFormation, change_set: ChangeSet, path: str = "") -> Iterator[PlannedChange]:
    for change in change_set.changes:
        own = f"{path}/{change.logical_id}" if path else change.logical_id
        yield PlannedChange(own, change)
        if change.type == STACK_TYPE and change.nested:
            yield from _tree(cloudformation, cloudformation.change_set(change.nested), own)
