"""The step of a first deploy that fills the new database with a dump."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

from compiler.contract import DUMP_PREFIX, RUNTIME_PACKAGE
from compiler.model.template_set import TemplateSet
from deployer.access.fernet_key import take_over_key
from deployer.databases.dump_file import DumpFile
from deployer.databases.roster import deployed_database
from deployer.record.deploy_state import write_deploy_state
from deployer.steps.step import Context, Facts, Need
from deployer.tasks.attempt import attempt
from deployer.tasks.command_definition import command_definition
from deployer.tasks.one_off_tasks import OneOffTaskFailure, database_task

READ_DUMP = f"python -m {RUNTIME_PACKAGE}.database_dump.read"
"""Reads a dump into the empty database; its bucket and key follow."""


@dataclass(frozen=True, kw_only=True)
class ReadDump:
    """Upload the dump, and let a one-off task read it into the empty database: all of it, or nothing.

    The task knows a database that it has filled, so a killed run does no harm. The upload goes with the task.
    """

    name: ClassVar[str] = "dump"
    need: ClassVar[Need] = Need.YES
    reason: str
    dump: DumpFile
    templates: TemplateSet = field(repr=False)

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Return the facts with a deploy state that says which dump was read. Raises `OneOffTaskFailure`."""
        env, session, outputs = context.env, context.session, facts.outputs
        context.progress.phase(self.name, str(self.dump.path))
        take_over_key(env, session, outputs)
        deployed_database(outputs).identity(session, outputs)
        image = f"{outputs.repository_uri}@{facts.image}"
        definition = command_definition(session, outputs, self.templates, image)
        command = f"{READ_DUMP} {outputs.code_bucket} {self.dump.key}"
        task = replace(database_task(env, outputs, definition, [command]), name=self.name)
        if not session.s3.objects(outputs.code_bucket, self.dump.key):
            session.s3.upload(outputs.code_bucket, self.dump.key, self.dump.path)
        try:
            state = attempt(session, outputs, (task,), facts.state, context.progress.note)
        except OneOffTaskFailure:
            session.s3.purge(outputs.code_bucket, DUMP_PREFIX)
            raise
        session.s3.purge(outputs.code_bucket, DUMP_PREFIX)
        state = write_deploy_state(session, outputs, replace(state, dump=self.dump.content))
        return replace(facts, state=state)
