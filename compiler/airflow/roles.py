"""The roles of the containers: the one that starts them, and what runs inside may do in AWS."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from awacs.aws import Statement
from troposphere import GetAtt
from troposphere.ecs import Cluster
from troposphere.iam import Policy, Role

from compiler.airflow.containers import ACCESS_POINTS, SIGNING_SECRETS
from compiler.airflow.task_logs import task_log_rights
from compiler.contract import CODE_FOLDERS, CODE_PREFIX, SCHEDULER, worker_family
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.policies import (
    document,
    mount,
    open_shell,
    pull,
    read_objects,
    read_secrets,
    run_workers,
    trust_tasks,
    write_logs,
)
from compiler.resources.processes import log_names
from spec.environment import Environment
from spec.releases.processes import Process
from spec.sections.auth import Password


def add_execution_role(env: Environment, stack: StackBuilder) -> GetAtt:
    """Draw the role with which ECS starts every container, and return its ARN."""
    signing = (SIGNING_SECRETS[secret] for secret in env.airflow.release.secret_keys.values())
    client = () if isinstance(env.auth, Password) else (values.OAUTH_CLIENT,)
    secrets = (values.DATABASE_CREDENTIALS, values.FERNET_SEED, *signing, values.ADMIN_PASSWORD, *client)
    groups = [stack.parameter(values.log_group_of(name)) for name in log_names(env)]
    return add_role(
        stack,
        values.EXECUTION_ROLE.title,
        "What ECS may do to start a container: pull the image, read its secrets, write its log lines",
        *pull(stack.parameter(values.REPOSITORY_ARN)),
        read_secrets([stack.parameter(value) for value in secrets]),
        write_logs(groups),
    )


def task_role(env: Environment, process: Process) -> StackValue:
    """Return the role with which a process runs."""
    if env.on_ecs and process.name == SCHEDULER:
        return values.SCHEDULER_ROLE
    return values.TASK_ROLE if process.writes_logs else values.READER_ROLE


def add_writer_role(env: Environment, stack: StackBuilder) -> GetAtt:
    """Draw the role of Airflow containers that write task logs, and return its ARN."""
    description = "What Airflow may do in AWS: read code, write task logs, open a shell for ECS Exec"
    return add_role(stack, values.TASK_ROLE.title, description, *_writer(env, stack))


def add_worker_role(env: Environment, stack: StackBuilder) -> GetAtt:
    """Draw the role in which DAGs do their work, and return its ARN."""
    return add_role(
        stack,
        "WorkerRole",
        "What DAGs may do in AWS: what the YAML grants, besides reading code and writing task logs",
        *_writer(env, stack),
        managed=env.workers_or_default.policies,
    )


def add_scheduler_role(env: Environment, stack: StackBuilder, cluster: Cluster, roles: Iterable[GetAtt]) -> GetAtt:
    """Draw the role of a scheduler that starts workers, which run as `roles`, and return its ARN."""
    return add_role(
        stack,
        values.SCHEDULER_ROLE.title,
        "What the scheduler may do in AWS: start and stop workers, besides what Airflow may",
        *_writer(env, stack),
        *run_workers(cluster.ref(), GetAtt(cluster, "Arn"), worker_family(env), roles),
    )


def add_reader_role(env: Environment, stack: StackBuilder) -> GetAtt:
    """Draw the role of Airflow containers that only read, and return its ARN."""
    return add_role(
        stack,
        values.READER_ROLE.title,
        "What Airflow may do in AWS where it writes no task logs: read code and logs, open a shell for ECS Exec",
        _mount(stack, ACCESS_POINTS, write=False),
        *task_log_rights(env, stack, write=False),
        open_shell(),
    )


def add_sync_role(stack: StackBuilder) -> GetAtt:
    """Draw the role of the sync task, the only one that may write code, and return its ARN."""
    return add_role(
        stack,
        "SyncRole",
        "What the sync task may do in AWS: read the bucket, write code to the file system",
        *read_objects(stack.parameter(values.CODE_BUCKET), CODE_PREFIX),
        _mount(stack, CODE_FOLDERS, write=True),
    )


def _writer(env: Environment, stack: StackBuilder) -> Iterator[Statement]:
    yield _mount(stack, CODE_FOLDERS, write=False)
    yield _mount(stack, ("logs",), write=True)
    yield from task_log_rights(env, stack, write=True)
    yield open_shell()


def _mount(stack: StackBuilder, directories: Iterable[str], *, write: bool) -> Statement:
    doors = [stack.parameter(ACCESS_POINTS[directory]) for directory in directories]
    return mount(stack.parameter(values.FILE_SYSTEM), doors, write=write)


def add_role(
    stack: StackBuilder, name: str, description: str, *statements: Statement, managed: Sequence[str] = ()
) -> GetAtt:
    """Draw a role of tasks that may do what `statements` say, and return its ARN."""
    policy = Policy(PolicyName=name, PolicyDocument=document(*statements))
    more: dict[str, Any] = {"ManagedPolicyArns": list(managed)} if managed else {}
    role = Role(name, Description=description, AssumeRolePolicyDocument=trust_tasks(), Policies=[policy], **more)
    return GetAtt(stack.add(role, description), "Arn")
