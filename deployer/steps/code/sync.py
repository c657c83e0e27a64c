"""The step that brings the code alone from the bucket to the file system."""

from dataclasses import dataclass, replace
from typing import ClassVar

from deployer.record.deploy_state import write_deploy_state
from deployer.steps.step import Context, Facts, Need
from deployer.tasks.attempt import attempt
from deployer.tasks.sync import lacks, sync_task, synced_by


@dataclass(frozen=True, kw_only=True)
class SyncCode:
    """Run the sync task, and nothing for the database; `held` is what the deploy state then says of the file system."""

    name: ClassVar[str] = "sync"
    need: Need
    reason: str
    held: str

    @classmethod
    def unless_held(cls, held: str, *, differs: bool) -> "SyncCode":
        """Return the step, which has nothing to do unless the file system `differs`."""
        if differs:
            return cls(need=Need.YES, reason="the file system holds other code", held=held)
        return cls(need=Need.NO, reason="the file system holds it", held=held)

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Look again, run the task and note in the deploy state that it is done. Raises `OneOffTaskFailure`."""
        session, outputs = context.session, facts.outputs
        if self.need is Need.NO or not lacks(facts.state, outputs, self.held):
            return facts
        context.progress.phase(self.name, "bucket to file system")
        task = sync_task(context.env, synced_by(session, outputs, facts.image), self.held)
        ended = attempt(session, outputs, [task], facts.state, context.progress.note)
        done = replace(ended, code=self.held, file_system=outputs.file_system)
        return replace(facts, state=write_deploy_state(session, outputs, done), synced=True)
