"""The delivery `efs`: an immutable release in the bucket, which a one-off task lays on the file system."""

from collections.abc import Iterator

from compiler.contract import SYNC
from deployer.plans.deliveries.parsing import parsing, parsing_after_deploy
from deployer.plans.observed import Observed
from deployer.release.airflow_home import Code
from deployer.release.upload_code import Uploaded
from deployer.releases.changes import changes_since, hashes_of
from deployer.releases.manifest import Manifest
from deployer.stacks.outputs import Outputs
from deployer.steps.code.one_off_tasks import PlannedTask
from deployer.steps.code.release import ClearReleases, PublishRelease
from deployer.steps.code.sync import SyncCode
from deployer.steps.code.upload import ClearCode
from deployer.steps.step import Need, Step
from deployer.tasks.sync import SYNC_COMMAND, lacks, needs_sync
from spec.environment import Environment
from spec.sections.code import Delivery

WORD: Delivery = "efs"
NEEDS_REST = True


def starts_empty(outputs: Outputs) -> bool:
    """Return whether a deployed environment has no file system for releases yet."""
    return not is_deployed(outputs)


def is_deployed(outputs: Outputs) -> bool:
    """Return whether releases lie on a file system."""
    return bool(outputs.code_access_point)


def changes(code: Code, observed: Observed) -> Uploaded:
    """Return what differs from the current release."""
    return changes_since(observed.released, hashes_of(code))


def upload(env: Environment, code: Code, observed: Observed, *, running: bool) -> Step:
    """Return the step that makes the code the current release."""
    outputs = observed.outputs
    if running and outputs and env.ttl is not None and not needs_sync(observed.state, outputs, code):
        return PublishRelease(need=Need.NO, reason="the file system holds it", code=code)
    if running and env.ttl is None and observed.pointer.release == code.release:
        return PublishRelease(need=Need.NO, reason="it is the current release", code=code)
    return PublishRelease(need=Need.YES, reason="another release is current", code=code, former=observed.released)


def tasks(code: Code, observed: Observed) -> Iterator[PlannedTask]:
    """Yield the sync of the code, unless the file system holds it."""
    outputs = observed.outputs
    if outputs is None or not is_deployed(outputs) or needs_sync(observed.state, outputs, code):
        yield PlannedTask(task=SYNC, command=SYNC_COMMAND, need=Need.YES)


def push(env: Environment, code: Code, observed: Observed) -> Iterator[Step]:
    """Yield upload and sync, and what empties the bucket of an environment that deletes itself."""
    yield upload(env, code, observed, running=True)
    yield SyncCode.unless_held(code.release, differs=any(tasks(code, observed)))
    if env.ttl is not None:
        yield ClearCode(reason="it deletes itself, and CloudFormation empties no bucket")


def after_deploy(env: Environment, code: Code, observed: Observed, *, running: bool) -> Iterator[Step]:
    """Yield the wait for Airflow, and what clears away the files that an earlier Windsock left in the bucket.

    Containers of an environment that deletes itself may not tell what they have parsed.
    """
    if env.ttl is not None:
        return
    yield parsing_after_deploy(env, code, observed, running=running)
    if observed.code:
        yield ClearReleases(reason="the bucket holds files of an earlier Windsock", reported=False)


def rollback(manifest: Manifest, observed: Observed) -> Iterator[Step]:
    """Yield the sync of an earlier release, also where it lies on the file system: the task alone may switch there."""
    outputs = observed.outputs
    differs = outputs is not None and lacks(observed.state, outputs, manifest.release)
    yield SyncCode.unless_held(manifest.release, differs=differs)


def parsed(env: Environment, observed: Observed, *, same: bool) -> Step:
    """Return the wait for Airflow, where its containers have told of a release before."""
    return parsing(env, observed, same=same, told=env.ttl is None and observed.reported)


def after_push(env: Environment, code: Code, observed: Observed) -> Iterator[Step]:
    """Yield the wait for Airflow, and what clears old releases away; those that tasks use lie on the file system."""
    same = not any(tasks(code, observed))
    yield parsed(env, observed, same=same)
    if env.ttl is None and not same:
        yield ClearReleases(reason="the YAML says how many releases are kept", reported=False)
