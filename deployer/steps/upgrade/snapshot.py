"""The step that keeps the database as it is before it is migrated."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from deployer.databases.roster import deployed_database
from deployer.lifetime.ttl import now
from deployer.record.deploy_state import write_deploy_state
from deployer.stacks.tags import stack_tags
from deployer.steps.step import Context, Facts, Need


@dataclass(frozen=True, kw_only=True)
class TakeSnapshot:
    """Take a snapshot of the database that nothing uses any more; its name stands in the deploy state before."""

    name: ClassVar[str] = "snapshot"
    need: Need
    reason: str

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Wait for the snapshot of this upgrade, which an earlier run may have begun. Raises `SnapshotFailure`."""
        if self.need is Need.NO:
            return facts
        session, outputs, state = context.session, facts.outputs, facts.state
        name = state.snapshot or snapshot_name(context.env.name, state.airflow_version, now(session))
        context.progress.phase(self.name, name)
        if not state.snapshot:
            state = write_deploy_state(session, outputs, replace(state, snapshot=name))
        deployed_database(outputs).take_snapshot(session, outputs, name, stack_tags(context.env))
        return replace(facts, state=state)


def snapshot_name(environment: str, release: str, at: datetime) -> str:
    """Return a name that RDS takes: it begins with that of the environment, and has no two hyphens in a row."""
    return re.sub("[^a-zA-Z0-9]+", "-", f"{environment}-airflow-{release}-{at:%Y%m%d-%H%M%S}")
