"""The delivery `release`: an immutable release in the bucket, which containers fetch by themselves."""

from collections.abc import Iterator

from deployer.plans.deliveries.parsing import parsing, parsing_after_deploy
from deployer.plans.observed import Observed
from deployer.release.airflow_home import Code
from deployer.release.upload_code import Uploaded
from deployer.releases.changes import changes_since, hashes_of
from deployer.releases.manifest import Manifest
from deployer.stacks.outputs import Outputs
from deployer.steps.code.one_off_tasks import PlannedTask
from deployer.steps.code.release import ClearReleases, PublishRelease
from deployer.steps.step import Need, Step
from spec.environment import Environment
from spec.sections.code import Delivery

WORD: Delivery = "release"
NEEDS_REST = False


def starts_empty(_outputs: Outputs) -> bool:
    """Return False: the bucket holds the release before any container starts."""
    return False


def is_deployed(outputs: Outputs) -> bool:
    """Return whether there is no task that copies code."""
    return not outputs.sync_task


def changes(code: Code, observed: Observed) -> Uploaded:
    """Return what differs from the current release."""
    return changes_since(observed.released, hashes_of(code))


def upload(_env: Environment, code: Code, observed: Observed, *, running: bool) -> Step:  # noqa: ARG001  # other ways ask
    """Return the step that makes the code the current release."""
    if observed.pointer.release == code.release:
        return PublishRelease(need=Need.NO, reason="it is the current release", code=code)
    return PublishRelease(need=Need.YES, reason="another release is current", code=code, former=observed.released)


def tasks(_code: Code, _observed: Observed) -> Iterator[PlannedTask]:
    """Yield nothing: containers fetch the code by themselves."""
    return iter(())


def push(env: Environment, code: Code, observed: Observed) -> Iterator[Step]:
    """Yield the one step that makes the code the current release."""
    yield upload(env, code, observed, running=True)


def after_deploy(env: Environment, code: Code, observed: Observed, *, running: bool) -> Iterator[Step]:
    """Yield the wait for Airflow, unless it has parsed this very release already."""
    yield parsing_after_deploy(env, code, observed, running=running)


def rollback(_manifest: Manifest, _observed: Observed) -> Iterator[Step]:
    """Yield nothing: containers fetch the release by themselves."""
    return iter(())


def parsed(env: Environment, observed: Observed, *, same: bool) -> Step:
    """Return the wait for Airflow."""
    return parsing(env, observed, same=same)


def after_push(env: Environment, code: Code, observed: Observed) -> Iterator[Step]:
    """Yield the wait for Airflow, and what clears old releases away."""
    yield parsed(env, observed, same=observed.pointer.release == code.release)
    yield ClearReleases(reason="the YAML says how many releases are kept, and for how long")
