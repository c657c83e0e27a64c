"""Decides which one-off tasks there are to run, as far as deploy state and outputs tell."""

from collections.abc import Iterator

from compiler.contract import DATABASE, create_admin
from deployer.databases.roster import deployed_database
from deployer.plans.deliveries.roster import DELIVERIES
from deployer.plans.observed import Observed
from deployer.release.airflow_home import Code
from deployer.steps.code.one_off_tasks import PlannedTask
from deployer.steps.step import Need
from spec.environment import Environment


def planned_tasks(env: Environment, code: Code, observed: Observed) -> Iterator[PlannedTask]:
    """Yield every command that runs or may run, in its order."""
    yield from DELIVERIES[env.code_delivery].tasks(code, observed)
    release, state = env.airflow.release, observed.state
    initialised = _is_initialised(env, observed)
    if initialised is not Need.YES:
        yield PlannedTask(task=DATABASE, command=release.initialise_database, need=_unless(initialised))
    if initialised is not Need.NO:
        yield PlannedTask(task=DATABASE, command=release.migrate_database, need=Need.UNKNOWN)
    user = env.auth.first_user
    admin = Need.YES if state.admin != user.username else _unless(initialised)
    if admin is not Need.NO:
        yield PlannedTask(task=DATABASE, command=create_admin(user), need=admin)


def _is_initialised(env: Environment, observed: Observed) -> Need:
    """Return YES or NO where deploy state and outputs say whether the database is initialised, UNKNOWN otherwise."""
    outputs, state = observed.outputs, observed.state
    if outputs is None or not state.database or state.airflow_version != env.airflow.version:
        return Need.NO
    identity = deployed_database(outputs).known_identity(outputs)
    if not identity:
        return Need.UNKNOWN
    return Need.YES if identity == state.database else Need.NO


def _unless(need: Need) -> Need:
    return {Need.YES: Need.NO, Need.NO: Need.YES, Need.UNKNOWN: Need.UNKNOWN}[need]
