"""What a push does where an earlier Windsock put files on the file system one by one; a deploy lays releases there."""

from collections.abc import Iterator

from compiler.contract import SYNC
from deployer.plans.observed import Observed
from deployer.release.airflow_home import Code
from deployer.release.upload_code import Uploaded, compare_code
from deployer.stacks.outputs import Outputs
from deployer.steps.code.one_off_tasks import PlannedTask
from deployer.steps.code.sync import SyncCode
from deployer.steps.code.upload import ClearCode, UploadCode
from deployer.steps.step import Need, Step
from deployer.tasks.sync import SYNC_COMMAND, needs_sync
from spec.environment import Environment
from spec.sections.code import Delivery

WORD: Delivery = "efs"
NEEDS_REST = True


def is_deployed(outputs: Outputs) -> bool:
    """Return whether the deployed task copies files."""
    return outputs.copies_files


def changes(code: Code, observed: Observed) -> Uploaded:
    """Return what differs from what the bucket holds."""
    return compare_code(code, observed.code, observed.kept_code)


def tasks(code: Code, observed: Observed) -> Iterator[PlannedTask]:
    """Yield the sync of the code, unless the file system holds it."""
    outputs = observed.outputs
    if outputs is not None and needs_sync(observed.state, outputs, code):
        yield PlannedTask(task=SYNC, command=SYNC_COMMAND, need=Need.YES)


def push(env: Environment, code: Code, observed: Observed) -> Iterator[Step]:
    """Yield upload and sync, and what empties the bucket of an environment that deletes itself."""
    planned = tuple(tasks(code, observed))
    kept = observed.kept_code
    differing = changes(code, observed) if planned or env.ttl is None else Uploaded()
    yield UploadCode(
        need=Need.NO if differing == Uploaded() else Need.YES,
        reason="the bucket holds other code" if differing != Uploaded() else "the bucket or the file system holds it",
        code=code,
        changes=differing,
        kept=kept,
    )
    yield SyncCode.unless_held(code.version, differs=bool(planned))
    if env.ttl is not None:
        yield ClearCode(reason="it deletes itself, and CloudFormation empties no bucket")


def after_push(_env: Environment, _code: Code, _observed: Observed) -> Iterator[Step]:
    """Yield nothing: nobody tells what became of the files."""
    return iter(())
