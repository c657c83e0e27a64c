"""The roles of the containers: the one that starts them, and what runs inside may do in AWS."""

from collections.abc import Iterable, Iterator

from awacs.aws import Statement
from troposphere import GetAtt

from compiler.airflow.containers import ACCESS_POINTS, SIGNING_SECRETS
from compiler.airflow.task_logs import task_log_rights
from compiler.contract import CODE_FOLDERS, CODE_PREFIX
from compiler.logins.roster import login_of
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.policies import mount, open_shell, pull, read_objects, read_secrets, write_logs
from compiler.resources.task_roles import add_task_role
from spec.environment import Environment


def add_execution_role(env: Environment, stack: StackBuilder, log_groups: Iterable[StackValue]) -> GetAtt:
    """Add the role with which ECS starts every container, which writes to `log_groups`, and return its ARN."""
    signing = (SIGNING_SECRETS[secret] for secret in env.airflow.release.secret_keys.values())
    secrets = (values.DATABASE_CREDENTIALS, values.FERNET_SEED, *signing, values.ADMIN_PASSWORD, *login_of(env).secrets)
    return add_task_role(
        stack,
        values.EXECUTION_ROLE.title,
        "What ECS may do to start a container: pull the image, read its secrets, write its log lines",
        *pull(stack.parameter(values.REPOSITORY_ARN)),
        read_secrets(stack.parameters(secrets)),
        write_logs(stack.parameters(log_groups)),
    )


def add_writer_role(env: Environment, stack: StackBuilder) -> GetAtt:
    """Add the role of Airflow containers that write task logs, and return its ARN."""
    description = "What Airflow may do in AWS: read code, write task logs, open a shell for ECS Exec"
    return add_task_role(stack, values.TASK_ROLE.title, description, *writer_statements(env, stack))


def add_reader_role(env: Environment, stack: StackBuilder) -> GetAtt:
    """Add the role of Airflow containers that only read, and return its ARN."""
    return add_task_role(
        stack,
        values.READER_ROLE.title,
        "What Airflow may do in AWS where it writes no task logs: read code and logs, open a shell for ECS Exec",
        _mount(stack, ACCESS_POINTS, write=False),
        *task_log_rights(env, stack, write=False),
        open_shell(),
    )


def add_sync_role(stack: StackBuilder) -> GetAtt:
    """Add the role of the sync task, the only one that may write code, and return its ARN."""
    return add_task_role(
        stack,
        "SyncRole",
        "What the sync task may do in AWS: read the bucket, write code to the file system",
        *read_objects(stack.parameter(values.CODE_BUCKET), CODE_PREFIX),
        _mount(stack, CODE_FOLDERS, write=True),
    )


def writer_statements(env: Environment, stack: StackBuilder) -> Iterator[Statement]:
    """Yield what a container may do that reads code and writes task logs."""
    yield _mount(stack, CODE_FOLDERS, write=False)
    yield _mount(stack, ("logs",), write=True)
    yield from task_log_rights(env, stack, write=True)
    yield open_shell()


def _mount(stack: StackBuilder, directories: Iterable[str], *, write: bool) -> Statement:
    access_points = stack.parameters(ACCESS_POINTS[directory] for directory in directories)
    return mount(stack.parameter(values.FILE_SYSTEM), access_points, write=write)
