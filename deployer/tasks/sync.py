"""Knows whether the file system holds the code, and the one-off task that brings it there."""

from compiler.contract import SYNC
from deployer.record.deploy_state import DeployState
from deployer.release.airflow_home import Code
from deployer.stacks.outputs import Outputs
from deployer.tasks.one_off_tasks import OneOffTask, task_network
from spec.environment import Environment

SYNC_COMMAND = "bucket to file system"


def needs_sync(state: DeployState, outputs: Outputs, code: Code) -> bool:
    """Return whether the file system may hold something else than `code`; no, where nothing copies code there."""
    return bool(outputs.sync_task) and (state.code, state.file_system) != (held(outputs, code), outputs.file_system)


def held(outputs: Outputs, code: Code) -> str:
    """Return what the deploy state says of a file system with this code: its release or, of files, its version."""
    return code.release if outputs.code_access_point else code.version


def sync_task(env: Environment, outputs: Outputs, code_version: str) -> OneOffTask:
    """Return the task that brings this version of the code from the bucket to the file system."""
    return OneOffTask(
        name="sync",
        container=SYNC,
        task_definition=outputs.sync_task,
        network=task_network(env, outputs, outputs.sync_group),
        subject=code_version,
    )
