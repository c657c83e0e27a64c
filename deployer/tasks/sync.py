"""Knows whether the file system holds the code, and the one-off task that brings it there."""

from dataclasses import replace

from compiler.contract import SYNC
from deployer.aws.session import Session
from deployer.record.deploy_state import DeployState
from deployer.release.airflow_home import Code
from deployer.stacks.outputs import Outputs
from deployer.tasks.command_definition import sync_definition
from deployer.tasks.one_off_tasks import OneOffTask, task_network
from spec.environment import Environment

SYNC_COMMAND = "bucket to file system"


def needs_sync(state: DeployState, outputs: Outputs, code: Code) -> bool:
    """Return whether the file system may hold something else than `code`; no, where nothing copies code there."""
    return lacks(state, outputs, held(outputs, code))


def lacks(state: DeployState, outputs: Outputs, wanted: str) -> bool:
    """Return the same of what the deploy state says of a file system with that code."""
    return bool(outputs.sync_task) and (state.code, state.file_system) != (wanted, outputs.file_system)


def held(outputs: Outputs, code: Code) -> str:
    """Return what the deploy state says of a file system with this code: its release or, of files, its version."""
    return code.release if outputs.code_access_point else code.version


def sync_task(env: Environment, outputs: Outputs, wanted: str) -> OneOffTask:
    """Return the task that brings this code from the bucket to the file system."""
    return OneOffTask(
        name="sync",
        container=SYNC,
        task_definition=outputs.sync_task,
        network=task_network(env, outputs, outputs.sync_group),
        subject=wanted,
    )


def synced_by(session: Session, outputs: Outputs, image: str) -> Outputs:
    """Return the outputs with a sync task that runs a new image, where there is one."""
    if not image or not outputs.code_access_point:
        return outputs
    return replace(outputs, sync_task=sync_definition(session, outputs, image))
