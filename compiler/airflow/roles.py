"""The roles of the containers: what may start them, and what they may do in AWS themselves."""

from collections.abc import Iterable, Iterator

from troposphere import GetAtt

from compiler.airflow.containers import SIGNING_SECRETS
from compiler.airflow.dag_needs import WHY, backend_permissions, granted_permissions
from compiler.airflow.task_logs import task_log_permissions
from compiler.contract import COMMAND, TRIGGERER, WORKER
from compiler.databases.roster import database_of
from compiler.deliveries.roster import delivery_of
from compiler.logins.roster import login_of
from compiler.model import stack_values as values
from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.credentials import read_permissions
from compiler.resources.encryption import key_permissions
from compiler.resources.permissions import open_shell, pull, read_dump, read_secrets, write_logs
from compiler.resources.roles import add_task_role
from spec.environment import Environment

ECS = "ecs"
"""The source of what ECS does itself to start a container."""
ECS_FOR_WORKERS = "ecs-workers"
"""The source of what ECS does itself to start a worker."""


def add_execution_role(env: Environment, stack: StackBuilder, log_groups: Iterable[StackValue]) -> GetAtt:
    """Add the role with which ECS starts every container, which writes to `log_groups`, and return its ARN."""
    description = "What ECS may do to start a container: pull the image, read its secrets, write its log lines"
    return add_task_role(stack, values.EXECUTION_ROLE.title, description, start_permissions(env, log_groups))


def add_writer_role(env: Environment, stack: StackBuilder) -> GetAtt:
    """Add the role of Airflow containers that write task logs, and return its ARN."""
    description = "What Airflow may do in AWS: read code, write task logs, open a shell for ECS Exec"
    managed = env.airflow.policies if _runs_dag_code(env) else ()
    return add_task_role(
        stack, values.TASK_ROLE.title, description, task_role_permissions(env, COMMAND), managed=managed
    )


def add_reader_role(env: Environment, stack: StackBuilder, source: str) -> GetAtt:
    """Add the role of Airflow containers that only read, of which `source` is one, and return its ARN."""
    description = (
        "What Airflow may do in AWS where it writes no task logs: read code and logs, open a shell for ECS Exec"
    )
    return add_task_role(stack, values.READER_ROLE.title, description, reader_permissions(env, source))


def worker_start_permissions(env: Environment) -> Iterator[Permission]:
    """Yield what ECS may do to start a worker, whose starter can hand this role to a task in the worker's place.

    RunTask takes any role in its overrides that the caller may pass, and no condition key of IAM tells task role and
    execution role apart. So this role may read only what a worker has in its environment anyway.
    """
    yield from pull(ECS_FOR_WORKERS)
    named = env.airflow.secret_sources if env.airflow.release.execution_api else env.secret_sources
    secrets: tuple[Permission, ...] = tuple(read_permissions(named.values(), ECS_FOR_WORKERS, WHY))
    if not env.airflow.release.execution_api:
        own = (*database_of(env).own_secrets, values.FERNET_SEED, *_signing_secrets(env))
        secrets = (read_secrets(ECS_FOR_WORKERS, own), *secrets)
    yield from secrets
    yield from key_permissions(env, ECS_FOR_WORKERS, secrets)
    yield write_logs(ECS_FOR_WORKERS, [values.log_group_of(WORKER)])


def _signing_secrets(env: Environment) -> Iterator[StackValue]:
    return (SIGNING_SECRETS[secret] for secret in env.airflow.release.secret_keys.values())


def start_permissions(env: Environment, log_groups: Iterable[StackValue]) -> Iterator[Permission]:
    """Yield what ECS may do to start containers, which write to `log_groups`."""
    yield from pull(ECS)
    airflow = (*database_of(env).own_secrets, values.FERNET_SEED, *_signing_secrets(env))
    own = read_secrets(ECS, (*airflow, values.ADMIN_PASSWORD, *login_of(env).secrets))
    yield own
    yield from read_permissions(env.secret_sources.values(), ECS, WHY)
    yield from key_permissions(env, ECS, [own])
    yield write_logs(ECS, log_groups)


def task_role_permissions(env: Environment, source: str) -> Iterator[Permission]:
    """Yield what a container may do that writes task logs, and with it what DAGs may if it runs their code."""
    yield from writer_permissions(env, source)
    if _runs_dag_code(env):
        yield from granted_permissions(env, source)


def _runs_dag_code(env: Environment) -> bool:
    """Whether a process of the writers' role runs Airflow tasks, or the triggers that they leave behind."""
    return env.executor.processes_run_tasks or any(process.name == TRIGGERER for process in env.processes)


def writer_permissions(env: Environment, source: str) -> Iterator[Permission]:
    """Yield what a container may do that reads code and writes task logs."""
    delivery, logs = delivery_of(env).write_permissions(source), task_log_permissions(env, source, write=True)
    dump = (read_dump(source),) if env.database.dump and source == COMMAND else ()
    found = (*delivery, *logs, *backend_permissions(env, source), *dump)
    yield from found
    yield from key_permissions(env, source, found)
    yield open_shell(source)


def reader_permissions(env: Environment, source: str) -> Iterator[Permission]:
    """Yield what a container may do that reads code and task logs."""
    delivery, logs = delivery_of(env).read_permissions(source), task_log_permissions(env, source, write=False)
    found = (*delivery, *logs, *backend_permissions(env, source))
    yield from found
    yield from key_permissions(env, source, found)
    yield open_shell(source)
