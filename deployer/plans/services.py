"""Decides about the services of a deploy: how many tasks each will have, which sleep, and whether they start anew."""

from collections.abc import Iterator

from deployer.databases.roster import deployed_database
from deployer.health.wake import sleeping_services
from deployer.plans.observed import Observed
from deployer.plans.plan import ServiceChange
from deployer.stacks.desired_counts import counts_set_by_hand, deployed_counts, named_counts, wanted_counts
from deployer.steps.services.restart import Restart
from deployer.steps.step import Need
from spec.environment import Environment


def counts_by_hand(env: Environment, observed: Observed) -> dict[str, int]:
    """Return the processes whose number of tasks somebody has set by hand, and which the YAML leaves so."""
    stack, outputs = observed.deployed, observed.outputs
    if stack is None or outputs is None:
        return {}
    desired = {service.name: service.desired for service in observed.services}
    by_process = {process: desired.get(name, 0) for process, name in outputs.services.items()}
    found = counts_set_by_hand(deployed_counts(env.processes, stack), by_process)
    return {process: count for process, count in found.items() if process not in named_counts(env)}


def planned_counts(env: Environment, observed: Observed) -> dict[str, int]:
    """Return how many tasks of each process are to run; without a number in the YAML, what somebody has set counts."""
    stack = observed.deployed
    wanted = wanted_counts(env, stack) if stack else {process.name: env.count(process) for process in env.processes}
    return {**wanted, **counts_by_hand(env, observed)}


def service_changes(env: Environment, observed: Observed) -> Iterator[ServiceChange]:
    """Yield the services that will have another number of tasks."""
    outputs = observed.outputs
    desired = {service.name: service.desired for service in observed.services}
    names = outputs.services if outputs else {}
    for process, count in planned_counts(env, observed).items():
        before = desired.get(names.get(process, ""), 0)
        if before != count:
            yield ServiceChange(process, before, count)


def asleep(env: Environment, observed: Observed) -> tuple[str, ...]:
    """Return the services that sleep outside their office hours."""
    stack, outputs = observed.deployed, observed.outputs
    if stack is None or outputs is None:
        return ()
    return sleeping_services(outputs, observed.services, wanted_counts(env, stack))


def restart_step(observed: Observed, version: str, *, running: bool) -> Restart:
    """Return the step that starts services anew, if they have not read `version` or another database came."""
    outputs, state = observed.outputs, observed.state
    if not running or outputs is None:
        return Restart(need=Need.NO, reason="the services start anyway", version=version)
    database = deployed_database(outputs).known_identity(outputs)
    if state.restart != version:
        return Restart(need=Need.YES, reason="plugins, configuration or secrets are new", version=version)
    if database and database == state.database:
        return Restart(need=Need.NO, reason="the services have read it", version=version)
    return Restart(need=Need.UNKNOWN, reason="the database may be another", version=version)
