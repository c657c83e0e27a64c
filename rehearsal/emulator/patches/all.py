"""The roster of corrections, in the order they are put on."""

from collections.abc import Callable

from rehearsal.emulator.containers.engine import Engine
from rehearsal.emulator.networking.hosts_file import Names
from rehearsal.emulator.patches import (
    buckets,
    capacity_providers,
    cloud_map,
    databases,
    deployments,
    file_systems,
    handlers,
    host_names,
    nested_stacks,
    readiness,
    references,
    run_task,
    schedules,
    secrets,
    security_groups,
    services,
    task_definitions,
    tasks,
)
from rehearsal.emulator.patches.load_balancers import LoadBalancers
from rehearsal.emulator.rules.settings import Settings


def apply(settings: Settings, names: Names, engine: Engine) -> Callable[[], None]:
    """Correct MiniStack; gives back what keeps load balancers and names in step with its tables."""
    balancers = LoadBalancers(
        settings, names, lambda target, complaint: readiness.replace_sick(target, complaint, engine)
    )
    handlers.prepare(settings.gateway_port)
    references.apply()
    for room in (task_definitions, secrets, security_groups, capacity_providers, buckets, host_names):
        room.apply()
    databases.apply(settings, names)
    file_systems.apply(settings)
    tasks.apply(engine)
    run_task.apply(settings)
    deployments.apply(lambda task: readiness.is_ready(task, balancers))
    services.apply(lambda task: readiness.is_ready(task, balancers))
    nested_stacks.apply(lambda task: readiness.is_ready(task, balancers))
    balancers.apply()
    call_what_is_due = schedules.apply(settings)

    def keep_in_step() -> None:
        balancers.reconcile()
        cloud_map.reconcile(names)
        call_what_is_due()

    return keep_in_step
