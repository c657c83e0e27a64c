"""Brings code to a running environment: what changed to the bucket, on to the file system, a restart if it must be."""

import dataclasses
import secrets
from dataclasses import dataclass
from pathlib import Path

from compiler.contract import CODE_PREFIX
from deployer.aws.session import Session
from deployer.health.verify import observe, verify
from deployer.health.wake import is_asleep
from deployer.lifetime.cleanup import clear_code
from deployer.lifetime.ttl import now, refuse_expired
from deployer.progress import Progress
from deployer.record.deploy_state import DeployState, read_deploy_state, write_deploy_state
from deployer.release.airflow_home import Code, read_code, refuse_incomplete, refuse_own_login
from deployer.stacks.outputs import Outputs, read_outputs
from deployer.stacks.preflight import check_account, existing_stack
from deployer.tasks.one_off_tasks import OneOffTask, OneOffTaskFailure, run_one_off_tasks, sync_task
from spec.environment import Environment


@dataclass(frozen=True)
class Uploaded:
    """The files that went up, and those that were deleted because they are gone here."""

    put: tuple[str, ...]
    deleted: tuple[str, ...]


@dataclass(frozen=True)
class Pushed:
    """What a push did."""

    version: str
    uploaded: Uploaded
    synced: bool
    restarted: bool


def push(
    env: Environment, session: Session, *, progress: Progress, airflow_home: Path, web_url: str | None = None
) -> Pushed:
    """Bring the code below `airflow_home` to the environment; a killed push is completed by the next.

    Raises `CodeRefusal` before anything is uploaded, `OneOffTaskFailure` when the sync task fails.
    """
    code = read_code(airflow_home)
    refuse_incomplete(airflow_home, code, env)
    refuse_own_login(airflow_home, code, env)
    check_account(env, session)
    refuse_expired(env, session)
    outputs = read_outputs(existing_stack(env, session))
    progress.phase("code", f"{len(code.files)} files to {outputs.code_bucket}")
    marker = read_deploy_state(session, outputs)
    synced = needs_sync(marker, outputs, code)
    # The bucket of an environment that deletes itself is empty but for the time of a sync.
    uploaded = upload(session, outputs.code_bucket, code) if synced or env.ttl is None else Uploaded((), ())
    if synced:
        progress.phase("sync", "bucket to file system")
        marker = attempt(session, outputs, (sync_task(outputs, code.version),), marker)
        marker = dataclasses.replace(marker, code=code.version, file_system=outputs.file_system)
        write_deploy_state(session, outputs, marker)
        clear_code(env, session, outputs)
    stale = marker.restart != code.restart_version
    restarted = stale and not is_asleep(env, observe(session, env, outputs, web_url), now(session))
    if restarted:
        restart(env, session, outputs, progress, web_url)
    if stale:  # who sleeps reads it when it wakes
        write_deploy_state(session, outputs, dataclasses.replace(marker, restart=code.restart_version))
    return Pushed(code.version, uploaded, synced, restarted)


def upload(session: Session, bucket: str, code: Code) -> Uploaded:
    """Make the bucket hold exactly this code; what is there already, by content, is left alone."""
    there = {stored.key.removeprefix(CODE_PREFIX): stored.etag for stored in session.s3.objects(bucket, CODE_PREFIX)}
    changed = tuple(file for file in code.files if there.get(file.path) != file.md5)
    for file in changed:
        session.s3.put(bucket, CODE_PREFIX + file.path, file.content)
    gone = tuple(sorted(there.keys() - {file.path for file in code.files}))
    session.s3.delete(bucket, (CODE_PREFIX + path for path in gone))
    return Uploaded(tuple(file.path for file in changed), gone)


def needs_sync(marker: DeployState, outputs: Outputs, code: Code) -> bool:
    """Whether the file system may hold something else than `code`."""
    return (marker.code, marker.file_system) != (code.version, outputs.file_system)


def restart(env: Environment, session: Session, outputs: Outputs, progress: Progress, web_url: str | None) -> None:
    """Replace the tasks of every service and wait until they are healthy."""
    progress.phase("restart", "plugins, configuration or database changed, which Airflow looks at only when it starts")
    for service in outputs.services.values():
        session.ecs.redeploy(outputs.cluster, service)
    verify(session, env, outputs, web_url)


def attempt(session: Session, outputs: Outputs, hooks: tuple[OneOffTask, ...], marker: DeployState) -> DeployState:
    """Run hooks under a name that survives this program, so that a run after a kill joins the tasks it started.

    Returns the marker to go on with. A failure ends the attempt: the next run starts new tasks.
    """
    marker = write_deploy_state(session, outputs, dataclasses.replace(marker, run=marker.run or secrets.token_hex(8)))
    ended = dataclasses.replace(marker, run="")
    try:
        run_one_off_tasks(session, outputs, hooks, marker.run)
    except OneOffTaskFailure:
        write_deploy_state(session, outputs, ended)
        raise
    return ended
