"""Brings the database to where Airflow can start: initialised for its release, migrated by its image, with its admin.

What is done once is done for one database. An instance and a directory on the file system keep what they were told; a
container without either is another database whenever it is another task.
"""

from compiler.contract import DATABASE, create_admin, template_parameter
from deployer.aws.session import Session
from deployer.aws.stacks import Stack
from deployer.progress import Progress
from deployer.record.deploy_state import DeployState
from deployer.stacks.failure_cause import explain_service
from deployer.stacks.outputs import Outputs
from deployer.stacks.upload_templates import UploadedTemplates
from deployer.tasks.one_off_tasks import OneOffTask, command_definition, database_task
from spec.environment import Environment
from spec.errors import Refusal

TEMPLATE = template_parameter(DATABASE)
"""The root's parameter that says which template the database was drawn from."""

_HEALTHY_SECONDS = 600.0


class DatabaseRefusal(Refusal):
    """The database takes no connections."""


def starts_empty(env: Environment, stack: Stack, published: UploadedTemplates) -> bool:
    """Whether a change set would give the environment a new, empty database, as the YAML has it."""
    return env.database.ephemeral and stack.parameters.get(TEMPLATE) != published.parameters[TEMPLATE]


def present_database(session: Session, outputs: Outputs) -> str:
    """Wait until the database takes connections, and return what tells it from one that was there before.

    Raises `DatabaseRefusal` after ten minutes, with the last words of its container.
    """
    if not outputs.database_service:
        return outputs.database
    task = session.clock.until(lambda: _healthy_task(session, outputs), limit=_HEALTHY_SECONDS)
    if task is None:
        raise DatabaseRefusal(
            "The database does not come up.",
            why="\n".join(explain_service(session, outputs.cluster, outputs.database_service)),
            next_step="Read `windsock logs` of database, repair the cause and deploy again.",
        )
    return outputs.database or task


def database_tasks(
    env: Environment, session: Session, outputs: Outputs, progress: Progress, *, marker: DeployState, done: DeployState
) -> tuple[OneOffTask, ...]:
    """Return what is to be done to come from `marker` to `done`; nothing when nothing is."""
    release = env.airflow.release
    initialised = (marker.airflow_version, marker.database) == (done.airflow_version, done.database)
    commands: list[str] = []
    if not initialised or marker.image != done.image:
        command = release.migrate_database if initialised else release.initialise_database
        progress.phase(DATABASE, command)
        commands.append(command)
    if not initialised or marker.admin != done.admin:
        progress.phase("admin", f"user {done.admin}")
        commands.append(create_admin(env.auth.first_user))
    if not commands:
        return ()
    definition = command_definition(session, outputs, f"{outputs.repository_uri}@{done.image}")
    return (database_task(outputs, definition, commands),)


def _healthy_task(session: Session, outputs: Outputs) -> str | None:
    arns = session.ecs.task_arns(outputs.cluster, service=outputs.database_service)
    healthy = [
        task.arn
        for task in session.ecs.tasks(outputs.cluster, arns)
        if task.status == "RUNNING" and task.health == "HEALTHY"
    ]
    return healthy[0] if len(arns) == len(healthy) == 1 else None
