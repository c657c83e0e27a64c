"""The roles of the containers: the one that starts them, and what runs inside may do in AWS."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from awacs.aws import Statement
from troposphere import GetAtt
from troposphere.ecs import Cluster
from troposphere.iam import Policy, Role

from compiler.airflow.containers import ACCESS_POINTS, SIGNING_SECRETS
from compiler.airflow.task_logs import task_log_rights
from compiler.contract import CODE_FOLDERS, CODE_PREFIX, SCHEDULER, PerProcess, worker_family
from compiler.model.stack import Sheet
from compiler.model.stack_values import Wire
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


def draw_execution_role(env: Environment, sheet: Sheet) -> GetAtt:
    """Draw the role with which ECS starts every container, and return its ARN."""
    signing = (SIGNING_SECRETS[secret] for secret in env.airflow.release.secret_keys.values())
    client = () if isinstance(env.auth, Password) else (Wire.OAUTH_CLIENT,)
    secrets = (Wire.DATABASE_CREDENTIALS, Wire.FERNET_SEED, *signing, Wire.ADMIN_PASSWORD, *client)
    groups = [sheet.wire(Wire.named(PerProcess.LOG_GROUP.of(name))) for name in log_names(env)]
    return draw_role(
        sheet,
        Wire.EXECUTION_ROLE.title,
        "What ECS may do to start a container: pull the image, read its secrets, write its log lines",
        *pull(sheet.wire(Wire.REPOSITORY_ARN)),
        read_secrets([sheet.wire(wire) for wire in secrets]),
        write_logs(groups),
    )


def task_role(env: Environment, process: Process) -> Wire:
    """Return the role with which a process runs."""
    if env.on_ecs and process.name == SCHEDULER:
        return Wire.SCHEDULER_ROLE
    return Wire.TASK_ROLE if process.writes_logs else Wire.READER_ROLE


def draw_writer_role(env: Environment, sheet: Sheet) -> GetAtt:
    """Draw the role of Airflow containers that write task logs, and return its ARN."""
    description = "What Airflow may do in AWS: read code, write task logs, open a shell for ECS Exec"
    return draw_role(sheet, Wire.TASK_ROLE.title, description, *_writer(env, sheet))


def draw_worker_role(env: Environment, sheet: Sheet) -> GetAtt:
    """Draw the role in which DAGs do their work, and return its ARN."""
    return draw_role(
        sheet,
        "WorkerRole",
        "What DAGs may do in AWS: what the YAML grants, besides reading code and writing task logs",
        *_writer(env, sheet),
        managed=env.workers_or_default.policies,
    )


def draw_scheduler_role(env: Environment, sheet: Sheet, cluster: Cluster, roles: Iterable[GetAtt]) -> GetAtt:
    """Draw the role of a scheduler that starts workers, which run as `roles`, and return its ARN."""
    return draw_role(
        sheet,
        Wire.SCHEDULER_ROLE.title,
        "What the scheduler may do in AWS: start and stop workers, besides what Airflow may",
        *_writer(env, sheet),
        *run_workers(cluster.ref(), GetAtt(cluster, "Arn"), worker_family(env), roles),
    )


def draw_reader_role(env: Environment, sheet: Sheet) -> GetAtt:
    """Draw the role of Airflow containers that only read, and return its ARN."""
    return draw_role(
        sheet,
        Wire.READER_ROLE.title,
        "What Airflow may do in AWS where it writes no task logs: read code and logs, open a shell for ECS Exec",
        _mount(sheet, ACCESS_POINTS, write=False),
        *task_log_rights(env, sheet, write=False),
        open_shell(),
    )


def draw_sync_role(sheet: Sheet) -> GetAtt:
    """Draw the role of the sync task, the only one that may write code, and return its ARN."""
    return draw_role(
        sheet,
        "SyncRole",
        "What the sync task may do in AWS: read the bucket, write code to the file system",
        *read_objects(sheet.wire(Wire.CODE_BUCKET), CODE_PREFIX),
        _mount(sheet, CODE_FOLDERS, write=True),
    )


def _writer(env: Environment, sheet: Sheet) -> Iterator[Statement]:
    yield _mount(sheet, CODE_FOLDERS, write=False)
    yield _mount(sheet, ("logs",), write=True)
    yield from task_log_rights(env, sheet, write=True)
    yield open_shell()


def _mount(sheet: Sheet, directories: Iterable[str], *, write: bool) -> Statement:
    doors = [sheet.wire(ACCESS_POINTS[directory]) for directory in directories]
    return mount(sheet.wire(Wire.FILE_SYSTEM), doors, write=write)


def draw_role(sheet: Sheet, name: str, description: str, *statements: Statement, managed: Sequence[str] = ()) -> GetAtt:
    """Draw a role of tasks that may do what `statements` say, and return its ARN."""
    policy = Policy(PolicyName=name, PolicyDocument=document(*statements))
    more: dict[str, Any] = {"ManagedPolicyArns": list(managed)} if managed else {}
    role = Role(name, Description=description, AssumeRolePolicyDocument=trust_tasks(), Policies=[policy], **more)
    return GetAtt(sheet.draw(role, description), "Arn")
