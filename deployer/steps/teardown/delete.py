"""The steps that end an environment: its tasks stop, its buckets and repositories are emptied, its stack is deleted."""

from dataclasses import dataclass, replace
from typing import ClassVar

from deployer.lifetime.drain import begin_drain, finish_drain
from deployer.record.owned_resources import OwnedResources, find_owned_resources
from deployer.record.teardown_report import TeardownReport
from deployer.stacks.events import Outcome
from deployer.stacks.rollout import delete, failure
from deployer.steps.step import Context, Facts, Need

_DELETIONS = 3
"""How often a deletion is tried: a late log writer or a network interface may hold up the first."""


@dataclass(frozen=True, kw_only=True)
class Drain:
    """Set services to zero, stop tasks, and empty what goes with the stack. `owned` is what it is about."""

    name: ClassVar[str] = "drain"
    need: ClassVar[Need] = Need.YES
    reason: str
    owned: OwnedResources

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Return the facts with the emptied buckets and repositories in the report. Raises `DrainFailure`."""
        context.progress.phase(self.name, "services to zero, tasks stopped")
        begin_drain(context.session, facts.owned)
        finish_drain(context.session, facts.owned, context.progress)
        # Whoever still ran could write into a bucket that was emptied before.
        return replace(facts, report=_empty(context, facts.owned, facts.report))


@dataclass(frozen=True, kw_only=True)
class DeleteStack:
    """Delete the root stack and follow it; try again when a part resists."""

    name: ClassVar[str] = "delete"
    need: ClassVar[Need] = Need.YES
    reason: str

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Return the facts with the deletion in the report. Raises `RolloutFailure` after the third failure."""
        session, stack = context.session, facts.root
        context.progress.phase(self.name, f"stack {stack.name}")
        outcome = delete_once(context, stack.id)
        for _ in range(_DELETIONS - 1):
            if outcome.status == "DELETE_COMPLETE":
                break
            context.progress.note(str(failure(session, outcome)))
            for bucket in find_owned_resources(session, stack.id).buckets:
                if session.s3.exists(bucket):
                    session.s3.purge(bucket)
            outcome = delete_once(context, stack.id)
        if outcome.status != "DELETE_COMPLETE":
            raise failure(session, outcome)
        return replace(facts, report=facts.report.with_deletion(stack.name, outcome))


def delete_once(context: Context, stack_id: str) -> Outcome:
    """Delete a stack under a new token and follow it; the outcome may be DELETE_FAILED."""
    token = f"teardown-{int(context.session.clock.now() * 1000)}"
    role = context.env.aws.cloudformation_role
    return delete(context.session, stack_id, context.progress, token=token, role=role)


def _empty(context: Context, owned: OwnedResources, report: TeardownReport) -> TeardownReport:
    session = context.session
    for bucket in owned.buckets:
        if session.s3.exists(bucket):
            report = report.with_deleted("objects", bucket, f"{session.s3.purge(bucket)} versions")
    for repository in owned.repositories:
        if count := session.ecr.empty(repository):
            report = report.with_deleted("images", repository, f"{count} images")
    return report
