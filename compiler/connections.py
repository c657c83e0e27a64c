"""The table of connections: the security groups and their rules are made from it."""

from collections.abc import Iterator

from compiler.contract import COMMAND, DATABASE, SYNC, WEB, port, web
from compiler.databases.roster import database_of
from compiler.environment_parts import process_role
from compiler.executors.roster import executor_of
from compiler.model import stack_values as values
from compiler.model.connection import INTERNET, Connection
from compiler.resources.policies import MOUNT_TO_READ, MOUNT_TO_WRITE
from compiler.resources.processes import (
    ANY_SYSTEM,
    AWS_OVER_HTTPS,
    FILE_SYSTEM_PORT,
    HTTP,
    HTTPS,
    logs_port,
    runs_user_code,
)
from spec.environment import Environment

LOAD_BALANCER = "load_balancer"
FILE_SYSTEM = "file_system"


def groups(env: Environment) -> tuple[str, ...]:
    """Return the names of the security groups of an environment."""
    balancers = (LOAD_BALANCER,) if env.web.has_load_balancer else ()
    processes = (process.name for process in env.processes)
    database = (DATABASE,) if database_of(env).stands_inside else ()
    return (*balancers, *processes, *executor_of(env).workers, COMMAND, SYNC, FILE_SYSTEM, *database)


def connections(env: Environment) -> Iterator[Connection]:
    """Yield every connection that the parts of an environment open, and who may open one from outside."""
    if env.web.has_load_balancer:
        yield from _from_browsers(env)
    yield from _to_database(env)
    yield from _to_file_system(env)
    yield from _to_web_server(env)
    yield from _to_logs(env)
    yield from _to_internet(env)
    yield from database_of(env).connections()


def _from_browsers(env: Environment) -> Iterator[Connection]:
    listeners = {"": (HTTP, "browsers")} | ({"Tls": (HTTPS, "browsers, with TLS")} if env.web.domain else {})
    for suffix, (number, why) in listeners.items():
        for index, cidr in enumerate(env.network.allowed_cidrs, start=1):
            logical_id = f"VisitorsToLoadBalancer{suffix}{index}"
            yield Connection(source=cidr, target=LOAD_BALANCER, port=number, why=why, logical_id=logical_id)


def _to_database(env: Environment) -> Iterator[Connection]:
    workers = () if env.airflow.release.execution_api else executor_of(env).workers
    for source in (*(process.name for process in env.processes), *workers, COMMAND):
        yield database_of(env).connection_from(source)


def _to_file_system(env: Environment) -> Iterator[Connection]:
    why = "DAGs, plugins, configuration and logs"
    readers = {process.name for process in env.processes if process_role(env, process) == values.READER_ROLE}
    for source in (*(process.name for process in env.processes), *executor_of(env).workers, COMMAND, SYNC):
        actions = MOUNT_TO_READ if source in readers else MOUNT_TO_WRITE
        yield Connection(source=source, target=FILE_SYSTEM, port=FILE_SYSTEM_PORT, why=why, actions=actions)


def _to_web_server(env: Environment) -> Iterator[Connection]:
    number = port(web(env))
    if env.web.has_load_balancer:
        yield Connection(source=LOAD_BALANCER, target=WEB, port=number, why="requests and health checks")
    if env.airflow.release.execution_api:
        callers = (process.name for process in env.processes if process.name != WEB)
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
    for name in (COMMAND, SYNC):
        yield Connection(source=name, target=INTERNET, port=HTTPS, why=AWS_OVER_HTTPS)
