"""The steps that clear what CloudFormation leaves behind of an environment."""

from dataclasses import dataclass, replace
from typing import ClassVar

from compiler.contract import BOOTSTRAP_STACK, EXPIRING_PREFIX, template_prefix
from deployer.access.secrets import remove_secrets
from deployer.aws.rds import Snapshot
from deployer.aws.session import Session
from deployer.lifetime.cleanup import log_groups_of_aws
from deployer.list_environments import root_stacks
from deployer.record.owned_resources import OwnedResources
from deployer.steps.step import Context, Facts, Need
from deployer.steps.teardown.delete import delete_once
from pricing.table import price_table


@dataclass(frozen=True, kw_only=True)
class ClearRemains:
    """Delete old task definitions, log groups that AWS wrote, and secrets of people; name the snapshots that stay."""

    name: ClassVar[str] = "clear"
    need: ClassVar[Need] = Need.UNKNOWN
    reason: str

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Return the facts with what was cleared and kept in the report."""
        context.progress.phase(self.name, "what CloudFormation leaves behind")
        session, owned, report = context.session, facts.owned, facts.report
        for family, count in session.ecs.forget(owned.families).items():
            report = report.with_deleted("task definitions", family, f"{count} of its revisions")
        # A container that still wrote while its log group was deleted has made it again.
        for group in (*_groups_of_aws(session, owned), *owned.log_groups):
            if session.logs.delete_group(group):
                report = report.with_deleted("log group", group)
        for database in owned.databases:
            for snapshot in session.rds.snapshots(database):
                report = report.with_kept("database snapshot", (snapshot.name,), _use_of(snapshot))
        for secret, ends in remove_secrets(context.env, session):
            report = report.with_deleted("secret", secret, f"until {ends:%Y-%m-%d} `windsock secrets set` restores it")
        return replace(facts, report=report)


@dataclass(frozen=True, kw_only=True)
class ClearTemplates:
    """Delete the environment's templates, and the bootstrap stack where no other environment uses it."""

    name: ClassVar[str] = "templates"
    need: ClassVar[Need] = Need.YES
    reason: str
    bucket: str

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Return the facts with what was deleted and kept in the report."""
        context.progress.phase(self.name, self.bucket)
        session, name, report = context.session, context.env.name, facts.report
        for prefix in (template_prefix(name, expiring=False), template_prefix(name, expiring=True)):
            if count := session.s3.purge(self.bucket, prefix):
                report = report.with_deleted("templates", f"{self.bucket}/{prefix}", f"{count} versions")
        others = _other_environments(session, name, self.bucket)
        if others or not session.s3.is_empty(self.bucket):
            why = f"other environments use it: {', '.join(sorted(others))}"
            return replace(facts, report=report.with_kept("stack", (BOOTSTRAP_STACK,), why))
        return self._delete_bootstrap(context, replace(facts, report=report))

    def _delete_bootstrap(self, context: Context, facts: Facts) -> Facts:
        bootstrap = context.session.cloudformation.stack(BOOTSTRAP_STACK)
        if bootstrap is None:
            return facts
        outcome = delete_once(context, bootstrap.id)
        if outcome.status == "DELETE_COMPLETE":
            return replace(facts, report=facts.report.with_deletion(BOOTSTRAP_STACK, outcome))
        # Its bucket is not emptied for that: what was uploaded meanwhile belongs to another environment.
        why = "another environment began to use its bucket meanwhile"
        return replace(facts, report=facts.report.with_kept("stack", (BOOTSTRAP_STACK,), why))


def _other_environments(session: Session, name: str, bucket: str) -> frozenset[str]:
    """Return those that have templates in the bucket or a stack; either keeps the bootstrap stack."""
    keys = (stored.key.removeprefix(EXPIRING_PREFIX) for stored in session.s3.objects(bucket))
    stacks = (stack.name for stack in root_stacks(session) if stack.name != name)
    return frozenset((*(key.partition("/")[0] for key in keys), *stacks))


def _use_of(snapshot: Snapshot) -> str:
    # RDS bills what a snapshot holds, which nobody can ask; the volume is the most that it can be.
    monthly = snapshot.storage_gb * price_table().amount("rds.snapshot_gb_month")
    price = f", at most USD {monthly:.2f} a month" if monthly else ""
    return f"database.restore_from.snapshot brings it back{price}"


def _groups_of_aws(session: Session, owned: OwnedResources) -> tuple[str, ...]:
    prefixes = log_groups_of_aws(owned.databases, owned.clusters)
    return tuple(group for prefix in prefixes for group in session.logs.groups(prefix))
