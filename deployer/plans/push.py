"""Decides what a push does: which files go up, whether they are synced, and whether the services restart."""

from collections.abc import Iterator

from deployer.health.wake import is_asleep
from deployer.lifetime.ttl import refuse_expired
from deployer.plans.observed import Observed
from deployer.plans.plan import Plan
from deployer.plans.tasks import planned_sync
from deployer.release.airflow_home import Code
from deployer.release.upload_code import Uploaded, compare_code
from deployer.stacks.preflight import refuse_account, require_deployed
from deployer.steps.code import ClearCode, UploadCode
from deployer.steps.one_off_tasks import RunOneOffTasks
from deployer.steps.restart import RecordRestart, Restart, restart_version, secrets_in
from deployer.steps.step import Need, Step
from spec.environment import Environment


def plan_push(env: Environment, code: Code, observed: Observed) -> Plan:
    """Return the plan of a push. Raises `Refusal` when there is no environment to push to, or its time is over."""
    refuse_account(env, observed.account)
    refuse_expired(env, observed.stack)
    require_deployed(env, observed.stack, observed.region)
    tasks = tuple(planned_sync(code, observed))
    return Plan(name=env.name, steps=tuple(_steps(env, code, observed)), tasks=tasks, code_version=code.version)


def _steps(env: Environment, code: Code, observed: Observed) -> Iterator[Step]:
    tasks = tuple(planned_sync(code, observed))
    synced = not tasks
    kept = observed.kept_code
    changes = compare_code(code, observed.code, kept) if tasks or env.ttl is None else Uploaded()
    yield UploadCode(
        need=Need.NO if changes == Uploaded() else Need.YES,
        reason="the bucket holds other code" if changes != Uploaded() else "the bucket or the file system holds it",
        code=code,
        changes=changes,
        kept=kept,
    )
    yield RunOneOffTasks(
        need=Need.NO if synced else Need.YES,
        reason="the file system holds it" if synced else "the file system holds other code",
        code=code,
        templates=None,
        tasks=tasks,
    )
    if env.ttl is not None:
        yield ClearCode(reason="it deletes itself, and CloudFormation empties no bucket")
    version = restart_version(code, secrets_in(observed.state.restart))
    stale = observed.state.restart != version
    asleep = is_asleep(env, observed.services, observed.now)
    yield Restart(
        need=Need.YES if stale and not asleep else Need.NO, reason=_why(stale=stale, asleep=asleep), version=version
    )
    yield RecordRestart(need=Need.YES if stale else Need.NO, reason=_why(stale=stale, asleep=asleep), version=version)


def _why(*, stale: bool, asleep: bool) -> str:
    if not stale:
        return "the services have read plugins and configuration"
    return "the services read it when they wake" if asleep else "plugins or configuration are new"
