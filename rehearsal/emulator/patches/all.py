"""The roster of corrections, in the order in which they are applied."""

from collections.abc import Callable
from functools import partial
from typing import Any

from rehearsal.emulator.containers.engine import Engine
from rehearsal.emulator.context import Context
from rehearsal.emulator.iam.access import Access
from rehearsal.emulator.patches import (
    access_logs,
    backups,
    buckets,
    capacity_providers,
    change_set_validation,
    client_tokens,
    cloud_map,
    create_only,
    database_origins,
    deletion_protection,
    deployments,
    drift,
    drift_aware_change_sets,
    exports,
    failed_rollbacks,
    fargate_zones,
    file_systems,
    given_arns,
    given_ids,
    host_names,
    image_expiry,
    lengths,
    listener_attributes,
    listener_rules,
    log_groups,
    nat_gateways,
    nested_change_sets,
    network_interfaces,
    parameters,
    principal_arns,
    quotas,
    readiness,
    references,
    review_stacks,
    run_task,
    secrets,
    security_groups,
    service_linked_roles,
    service_quotas,
    task_starts,
    web_acls,
)
from rehearsal.emulator.patches.alb_auth import AlbAuth
from rehearsal.emulator.patches.backup_jobs import BackupJobs
from rehearsal.emulator.patches.database_snapshots import DatabaseSnapshots
from rehearsal.emulator.patches.databases import Databases
from rehearsal.emulator.patches.exec_agents import ExecAgents
from rehearsal.emulator.patches.handlers import ResourceHandlers
from rehearsal.emulator.patches.load_balancers import LoadBalancers
from rehearsal.emulator.patches.nested_stacks import NestedStacks
from rehearsal.emulator.patches.schedules import Schedules
from rehearsal.emulator.patches.services import Services
from rehearsal.emulator.patches.stack_permissions import StackPermissions
from rehearsal.emulator.patches.task_definitions import TaskDefinitions
from rehearsal.emulator.patches.task_permissions import TaskPermissions
from rehearsal.emulator.patches.task_placement import TaskPlacement
from rehearsal.emulator.patches.tasks import Tasks
from rehearsal.emulator.patches.vpc import Vpc
from rehearsal.emulator.patches.zone_outages import ZoneOutages
from rehearsal.emulator.rules.settings import Settings

ALONE = (
    create_only,
    given_arns,
    given_ids,
    lengths,
    quotas,
    service_quotas,
    references,
    parameters,
    review_stacks,
    nested_change_sets,
    drift_aware_change_sets,
    change_set_validation,
    client_tokens,
    drift,
    exports,
    failed_rollbacks,
    fargate_zones,
    image_expiry,
    principal_arns,
)
"""The corrections that need nothing."""
OF_HANDLERS = (
    secrets,
    security_groups,
    capacity_providers,
    service_linked_roles,
    buckets,
    access_logs,
    backups,
    log_groups,
    host_names,
    deletion_protection,
    listener_attributes,
    listener_rules,
    nat_gateways,
    web_acls,
)
"""The corrections that need the table of handlers alone."""


def apply(engine: Engine, access: Access) -> Callable[[], None]:
    """Correct MiniStack; return what keeps load balancers, names and schedules in step with its tables.

    Raises:
        MiniStackChanged: it is not the version that these corrections are for.
    """
    context, settings = engine.context, engine.settings
    vpc = Vpc(context)
    access.authorizer.gates.append(vpc.keeps_from_service)
    access.authorizer.ways.append(vpc.policy_on_the_way)
    tasks = _checked_tasks(engine, access, vpc)

    def is_ready(task: Any) -> bool:
        return readiness.is_ready(task, balancers)

    balancers = LoadBalancers(context, vpc, partial(readiness.replace_unhealthy, tasks=tasks, settings=settings))
    handlers = ResourceHandlers(settings, access)
    services, databases = Services(handlers, is_ready), _databases(handlers, context)
    schedules, outages = Schedules(access, handlers, databases), ZoneOutages(engine, tasks, databases)
    _apply_modules(handlers, settings)
    deployments.apply(is_ready)
    nested_stacks = NestedStacks(handlers, services)
    parts = (vpc, handlers, TaskDefinitions(handlers), databases, tasks, services, nested_stacks, balancers, schedules)
    jobs = BackupJobs(access, handlers)
    more = (jobs, AlbAuth(), StackPermissions(access), ExecAgents(access, vpc), DatabaseSnapshots(databases, context))
    for part in (*parts, *more):
        part.apply()
    run_task.apply(context.faults)
    steps = (balancers.reconcile, schedules.call_due, jobs.call_due, vpc.refresh, outages.reconcile)

    def keep_in_step() -> None:
        cloud_map.reconcile(context.hosts_file)
        for step in steps:
            step()

    return keep_in_step


def _apply_modules(handlers: ResourceHandlers, settings: Settings) -> None:
    for correction in ALONE:
        correction.apply()
    for module in OF_HANDLERS:
        module.apply(handlers)
    file_systems.apply(handlers, settings)


def _databases(handlers: ResourceHandlers, context: Context) -> Databases:
    """Return the databases, which begin with nothing, with a snapshot, or with the backups of another."""
    databases = Databases(handlers, context)
    database_origins.apply(databases.server)
    return databases


def _checked_tasks(engine: Engine, access: Access, vpc: Vpc) -> Tasks:
    """Return the tasks, which start when their interfaces reach what they need, and their roles may do it."""
    permissions = TaskPermissions(engine.settings, access)
    permissions.apply()
    TaskPlacement(engine.settings.path).apply()
    task_starts.apply(vpc)
    network_interfaces.apply(vpc)
    engine.on_join = vpc.refresh
    return Tasks(engine, permissions)
