"""The step of a deploy that runs the one-off tasks: the code to the file system, and the setup of the database."""

import dataclasses
from dataclasses import dataclass, field, replace
from typing import ClassVar

from compiler.contract import SYNC
from compiler.model.template_set import TemplateSet
from deployer.databases.roster import deployed_database
from deployer.record.deploy_state import DeployState, write_deploy_state
from deployer.release.airflow_home import Code
from deployer.release.own_modules import options_with_own_modules
from deployer.steps.step import Context, Facts, Need
from deployer.tasks.attempt import attempt
from deployer.tasks.database_setup import DatabaseChange, database_tasks
from deployer.tasks.one_off_tasks import OneOffTask
from deployer.tasks.sync import held, needs_sync, sync_task, synced_by


@dataclass(frozen=True, kw_only=True)
class PlannedTask:
    """One command of a one-off task, and whether it will run, as far as can be said before."""

    task: str
    command: str
    need: Need


@dataclass(frozen=True, kw_only=True)
class RunOneOffTasks:
    """Run what is still to be done, at the same time.

    Where an option names a module in the code, the commands for the database wait for the code: Airflow imports it.
    """

    name: ClassVar[str] = "sync"
    need: Need
    reason: str
    code: Code = field(repr=False)
    templates: TemplateSet = field(repr=False)
    tasks: tuple[PlannedTask, ...] = ()

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Run the tasks and note in the deploy state what is done. Raises `OneOffTaskFailure`."""
        if self.need is Need.NO:
            return facts
        done = self._done(context, facts)
        synced = self._syncs(facts)
        sync, database = self._sync(context, facts), self._database(context, facts, done)
        if not sync and not database:
            return facts
        waits = sync and database and options_with_own_modules(context.env, self.code)
        state = facts.state
        for tasks in (sync, database) if waits else ((*sync, *database),):
            state = attempt(context.session, facts.outputs, tasks, state, context.progress.note)
        state = write_deploy_state(context.session, facts.outputs, done)
        return replace(facts, state=state, synced=synced)

    def _done(self, context: Context, facts: Facts) -> DeployState:
        """Return the deploy state to come to."""
        state, outputs = facts.state, facts.outputs
        database = deployed_database(outputs).identity(context.session, outputs)
        return dataclasses.replace(
            state,
            code=held(outputs, self.code),
            file_system=outputs.file_system,
            run="",
            airflow_version=context.env.airflow.version,
            database=database,
            image=facts.image,
            admin=context.env.auth.first_user.username,
            migrating="",  # of a database whose place another has taken
            migrating_image="",
            # The web server of Airflow 2 writes its roles into the database when it starts.
            restart=state.restart if state.database == database else "",
        )

    def _syncs(self, facts: Facts) -> bool:
        planned = any(task.task == SYNC for task in self.tasks)
        return planned and needs_sync(facts.state, facts.outputs, self.code)

    def _sync(self, context: Context, facts: Facts) -> tuple[OneOffTask, ...]:
        if not self._syncs(facts):
            return ()
        context.progress.phase("sync", "bucket to file system")
        outputs = synced_by(context.session, facts.outputs, facts.image)
        return (sync_task(context.env, outputs, held(outputs, self.code)),)

    def _database(self, context: Context, facts: Facts, done: DeployState) -> tuple[OneOffTask, ...]:
        change = DatabaseChange(facts.state, done, self.templates)
        return database_tasks(context.env, context.session, facts.outputs, context.progress, change)
