"""Brings the database to where Airflow can start: initialised for its release, migrated by its image, with its admin.

What is done once is done for one database. An instance and a directory on the file system keep their data; a
container without either is another database whenever it is another task.
"""

from dataclasses import dataclass

from compiler.contract import DATABASE, create_admin, template_parameter
from compiler.model.template_set import TemplateSet
from deployer.aws.session import Session
from deployer.progress import Progress
from deployer.record.deploy_state import DeployState
from deployer.stacks.outputs import Outputs
from deployer.tasks.command_definition import command_definition
from deployer.tasks.one_off_tasks import OneOffTask, database_task
from spec.environment import Environment

TEMPLATE = template_parameter(DATABASE)
"""The root's parameter that says from which template the database was made."""


@dataclass(frozen=True)
class DatabaseChange:
    """The deploy states before and after the setup, and the templates that the environment is to have."""

    state: DeployState
    done: DeployState
    templates: TemplateSet


def database_tasks(
    env: Environment, session: Session, outputs: Outputs, progress: Progress, change: DatabaseChange
) -> tuple[OneOffTask, ...]:
    """Return what is to be done to make `change`; nothing when nothing is."""
    release, state, done = env.airflow.release, change.state, change.done
    initialised = (state.airflow_version, state.database) == (done.airflow_version, done.database)
    commands: list[str] = []
    if not initialised or state.image != done.image:
        command = release.migrate_database if initialised else release.initialise_database
        progress.phase(DATABASE, command)
        commands.append(command)
    if not initialised or state.admin != done.admin:
        progress.phase("admin", f"user {done.admin}")
        commands.append(create_admin(env.auth.first_user))
    if not commands:
        return ()
    definition = command_definition(session, outputs, change.templates, f"{outputs.repository_uri}@{done.image}")
    return (database_task(env, outputs, definition, commands),)
