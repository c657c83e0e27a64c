"""The table of who talks to whom: through the network, and to AWS.

Security groups and their rules are made from its connections, the statements of roles from its permissions.
"""

from collections.abc import Iterator, Sequence

from compiler.airflow.alarm import alarm_role_permissions
from compiler.airflow.asleep_page import page_permissions
from compiler.airflow.roles import (
    reader_permissions,
    start_permissions,
    task_role_permissions,
)
from compiler.backups import backup_permissions
from compiler.contract import COMMAND, DATABASE, WEB, port, web
from compiler.databases.roster import database_of
from compiler.deliveries.roster import delivery_of
from compiler.environment_parts import log_names, needs_file_system, process_role
from compiler.executors.roster import executor_of
from compiler.model import stack_values as values
from compiler.model.connection import INTERNET, Connection
from compiler.model.permission import Permission
from compiler.placements.roster import placement_of
from compiler.resources.policies import HERE
from compiler.resources.processes import (
    ANY_SYSTEM,
    AWS_OVER_HTTPS,
    FILE_SYSTEM_PORT,
    HTTP,
    HTTPS,
    logs_port,
    runs_user_code,
)
from compiler.resources.schedules import EXPIRY, SCHEDULE
from spec.environment import Environment

LOAD_BALANCER = "load_balancer"
FILE_SYSTEM = "file_system"


def groups(env: Environment) -> tuple[str, ...]:
    """Return the names of the security groups of an environment."""
    balancers = (LOAD_BALANCER,) if env.web.has_own_load_balancer else ()
    processes = (process.name for process in env.processes)
    database = (DATABASE,) if database_of(env).stands_inside else ()
    tasks = (COMMAND, *delivery_of(env).tasks)
    files = (FILE_SYSTEM,) if needs_file_system(env) else ()
    return (*balancers, *processes, *executor_of(env).workers, *tasks, *files, *database, *placement_of(env).groups)


def connections(env: Environment) -> Iterator[Connection]:
    """Yield every connection that the parts of an environment open, and who may open one from outside."""
    every = tuple(_connections(env))
    anywhere = {(row.source, row.port) for row in every if row.target == INTERNET}
    for row in every:
        unbound = row.source_is_unbound or bool({(row.source, None), (row.source, row.port)} & anywhere)
        yield row._replace(source_is_unbound=unbound and row.target != INTERNET)


def _connections(env: Environment) -> Iterator[Connection]:
    if env.web.has_own_load_balancer:
        yield from from_browsers(env.network.allowed_cidrs, tls=env.web.domain is not None)
    yield from _to_database(env)
    if delivery_of(env).access_points:
        yield from _to_file_system(env)
    yield from _to_web_server(env)
    yield from _to_logs(env)
    yield from _to_internet(env)
    yield from _to_endpoints(env)
    yield from database_of(env).connections()


def permissions(env: Environment) -> Iterator[Permission]:
    """Yield all that the parts of an environment, and AWS services for it, may do in AWS."""
    yield from start_permissions(env, map(values.log_group_of, log_names(env)))
    for process in env.processes:
        role = process_role(env, process)
        if role == values.READER_ROLE:
            yield from reader_permissions(env, process.name)
        elif role == values.TASK_ROLE:
            yield from task_role_permissions(env, process.name)
    yield from task_role_permissions(env, COMMAND)
    yield from delivery_of(env).task_permissions()
    yield from executor_of(env).permissions()
    yield from database_of(env).permissions()
    if env.schedule:
        yield from alarm_role_permissions(env) if env.due else schedule_permissions(env)
    if env.ttl:
        yield from expiry_permissions()
    if env.backup:
        yield from backup_permissions(env)


def schedule_permissions(env: Environment) -> Iterator[Permission]:
    """Yield what the office hours may do."""
    names = (*(process.name for process in env.processes), *database_of(env).services)
    arn = f"arn:${{AWS::Partition}}:ecs:{HERE}:service/${{{values.CLUSTER.title}}}"
    yield Permission(
        source=SCHEDULE,
        sid="ScaleServices",
        actions=("ecs:UpdateService",),
        resources=tuple(f"{arn}/${{{values.service_of(name).title}}}" for name in names),
        why="services run in office hours",
    )
    if on_off := database_of(env).on_off():
        yield on_off.permission
    yield from page_permissions(env)


def expiry_permissions() -> Iterator[Permission]:
    """Yield what the expiry may do."""
    why = "CloudFormation deletes the environment when its time is over"
    yield Permission(
        source=EXPIRY,
        sid="DeleteThisStack",
        actions=("cloudformation:DeleteStack",),
        resources=(f"${{{values.ROOT_STACK.title}}}",),
        why=why,
    )
    yield Permission(
        source=EXPIRY,
        sid="HandRoleToCloudFormation",
        actions=("iam:PassRole",),
        resources=(f"${{{values.DELETION_ROLE.title}}}",),
        why=why,
        conditions={"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}},
    )


def from_browsers(cidrs: Sequence[str], *, tls: bool) -> Iterator[Connection]:
    """Yield who reaches a load balancer, with a listener for TLS or without."""
    listeners = {"": (HTTP, "browsers")} | ({"Tls": (HTTPS, "browsers, with TLS")} if tls else {})
    for suffix, (number, why) in listeners.items():
        for index, cidr in enumerate(cidrs, start=1):
            logical_id = f"VisitorsToLoadBalancer{suffix}{index}"
            yield Connection(source=cidr, target=LOAD_BALANCER, port=number, why=why, logical_id=logical_id)


def database_clients(env: Environment) -> tuple[str, ...]:
    """Return the names of everything that connects to the metadata database."""
    workers = () if env.airflow.release.execution_api else executor_of(env).workers
    return (*(process.name for process in env.processes), *workers, COMMAND)


def _to_database(env: Environment) -> Iterator[Connection]:
    for source in database_clients(env):
        yield from database_of(env).connections_from(source)


def _to_file_system(env: Environment) -> Iterator[Connection]:
    why = "DAGs, plugins, configuration and logs"
    for source in (
        *(process.name for process in env.processes),
        *executor_of(env).workers,
        COMMAND,
        *delivery_of(env).tasks,
    ):
        yield Connection(source=source, target=FILE_SYSTEM, port=FILE_SYSTEM_PORT, why=why)


def _to_web_server(env: Environment) -> Iterator[Connection]:
    number = port(web(env))
    if env.web.has_load_balancer:
        # A load balancer that environments share may connect to all of the VPC.
        yield Connection(
            source=LOAD_BALANCER,
            target=WEB,
            port=number,
            why="requests and health checks",
            source_is_unbound=env.web.is_shared,
        )
    if env.airflow.release.execution_api:
        # DAG processor and triggerer call it in their own process: InProcessExecutionAPI in Airflow's source.
        callers = (process.name for process in env.processes if process.runs_tasks)
        for source in (*callers, *executor_of(env).workers):
            yield Connection(source=source, target=WEB, port=number, why="the API through which tasks run")
    if env.web.load_balancer_auth:
        why = "the identity provider over HTTPS"
        logical_id = "LoadBalancerToIdentityProvider"
        yield Connection(source=LOAD_BALANCER, target=INTERNET, port=HTTPS, why=why, logical_id=logical_id)


def _to_logs(env: Environment) -> Iterator[Connection]:
    for process in env.processes:
        number = logs_port(process)
        if number is not None:
            yield Connection(source=WEB, target=process.name, port=number, why="logs of what is still running")


def _to_internet(env: Environment) -> Iterator[Connection]:
    for process in env.processes:
        if runs_user_code(process):
            yield Connection(source=process.name, target=INTERNET, port=None, why=ANY_SYSTEM)
        else:
            yield Connection(source=process.name, target=INTERNET, port=HTTPS, why=AWS_OVER_HTTPS)
    for name in executor_of(env).workers:
        yield Connection(source=name, target=INTERNET, port=None, why=ANY_SYSTEM)
    for name in (COMMAND, *delivery_of(env).tasks):
        yield Connection(source=name, target=INTERNET, port=HTTPS, why=AWS_OVER_HTTPS)


def _to_endpoints(env: Environment) -> Iterator[Connection]:
    tasks = (*(process.name for process in env.processes), *executor_of(env).workers, COMMAND, *delivery_of(env).tasks)
    for group in placement_of(env).groups:
        for name in tasks:
            yield Connection(source=name, target=group, port=HTTPS, why=AWS_OVER_HTTPS)
