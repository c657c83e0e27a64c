"""Decides what a push does: how the code goes up, whether it is copied on, and whether the services restart."""

from collections.abc import Iterator

from deployer.health.wake import is_asleep
from deployer.lifetime.ttl import refuse_expired
from deployer.plans.deliveries.kind import DeployedDelivery
from deployer.plans.deliveries.roster import deployed_delivery
from deployer.plans.observed import Observed
from deployer.plans.plan import Plan
from deployer.record.lease import LeaseHeld
from deployer.release.airflow_home import Code
from deployer.release.upload_code import Uploaded
from deployer.stacks.outputs import read_outputs
from deployer.stacks.preflight import refuse_account, refuse_busy, require_deployed
from deployer.stacks.statuses import Action, action_of
from deployer.steps.services.restart import RecordRestart, Restart, restart_version, secrets_in
from deployer.steps.step import Need, Step
from spec.environment import Environment


def plan_push(env: Environment, code: Code, observed: Observed, held: LeaseHeld | None = None) -> Plan:
    """Return the plan of a push, which takes place even where another run `held` the lease if it need not rest.

    Raises `Refusal` when there is no environment to push to, or its time is over.
    """
    delivery = _delivery(env, observed)
    if held and delivery.NEEDS_REST:
        raise held
    steps = (
        *delivery.push(env, code, observed),
        *restart_steps(env, observed, code.restart_version, held),
        *delivery.after_push(env, code, observed),
    )
    return Plan(name=env.name, steps=steps, tasks=tuple(delivery.tasks(code, observed)), code_version=code.version)


def planned_changes(env: Environment, code: Code, observed: Observed) -> Uploaded:
    """Return which files a push would bring, and which would be gone. Raises `Refusal` as a push would."""
    return _delivery(env, observed).changes(code, observed)


def planned_restart(observed: Observed, code: str) -> str:
    """Return the version that the services are to have read: that of the code, with the secrets that they have."""
    return restart_version(code, secrets_in(observed.state.restart))


def restart_steps(env: Environment, observed: Observed, code: str, held: LeaseHeld | None = None) -> Iterator[Step]:
    """Yield the restart of the services unless they have read this version of the code, and the note that they did."""
    version = planned_restart(observed, code)
    stale = observed.state.restart != version
    asleep = is_asleep(env, observed.airflow_services, observed.now)
    if stale and (held or action_of(observed.stack) is Action.WAIT):
        reason = "another run is changing the environment; the next push restarts them"
        yield Restart(need=Need.NO, reason=reason, version=version, told=True)
        return
    reason = _why(stale=stale, asleep=asleep)
    yield Restart(need=Need.YES if stale and not asleep else Need.NO, reason=reason, version=version)
    yield RecordRestart(need=Need.YES if stale else Need.NO, reason=reason, version=version)


def _delivery(env: Environment, observed: Observed) -> DeployedDelivery:
    refuse_account(env, observed.account)
    refuse_expired(env, observed.stack)
    stack = require_deployed(env, observed.stack, observed.region)
    delivery = deployed_delivery(read_outputs(stack))
    if delivery.NEEDS_REST:
        refuse_busy(env, stack)
    return delivery


def _why(*, stale: bool, asleep: bool) -> str:
    if not stale:
        return "the services have read plugins and configuration"
    return "the services read it when they wake" if asleep else "plugins or configuration are new"
