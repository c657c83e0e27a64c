"""Decides whether a deploy, a push or a rollback waits until Airflow has parsed what is current then."""

from deployer.health.wake import is_asleep
from deployer.plans.observed import Observed
from deployer.release.airflow_home import Code
from deployer.steps.code.release import AwaitParsed
from deployer.steps.step import Need
from spec.environment import Environment


def parsing(env: Environment, observed: Observed, *, same: bool, told: bool = True) -> AwaitParsed:
    """Return the wait; `same` says that nothing becomes current, `told` that the containers report what they parse."""
    if same:
        return AwaitParsed(need=Need.NO, reason="it is the current release")
    if not told:
        return AwaitParsed(need=Need.NO, reason="no container tells what Airflow made of it")
    if is_asleep(env, observed.airflow_services, observed.now):
        return AwaitParsed(need=Need.NO, reason="nothing parses it before the services wake")
    return AwaitParsed(need=Need.YES, reason="the release is new")


def parsing_after_deploy(env: Environment, code: Code, observed: Observed, *, running: bool) -> AwaitParsed:
    """Return the wait of a deploy; services that it has switched on parse anew what was current before."""
    if running:
        return parsing(env, observed, same=observed.pointer.release == code.release)
    return AwaitParsed(need=Need.YES, reason="the release is new to these services")
