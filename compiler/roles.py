"""The roles of the containers: the one that starts them, and what runs inside may do in AWS."""

from collections.abc import Iterable

from awacs.aws import Statement
from troposphere import GetAtt
from troposphere.iam import Policy, Role

from compiler.containers import ACCESS_POINTS, CODE, CODE_PREFIX, SIGNING_SECRETS
from compiler.policies import document, mount, open_shell, pull, read_objects, read_secrets, trust_tasks, write_logs
from compiler.processes import title
from compiler.stack import Sheet
from compiler.wires import Wire
from spec.auth import Password
from spec.environment import Environment


def draw_execution_role(env: Environment, sheet: Sheet) -> GetAtt:
    """Draw the role with which ECS starts every container, and return its ARN."""
    signing = (SIGNING_SECRETS[secret] for secret in env.airflow.release.secret_keys.values())
    client = () if isinstance(env.auth, Password) else (Wire.OAUTH_CLIENT,)
    secrets = (Wire.DATABASE_CREDENTIALS, Wire.FERNET_SEED, *signing, Wire.ADMIN_PASSWORD, *client)
    names = (*(process.name for process in env.processes), "command", "sync")
    groups = [sheet.wire(Wire.named(f"{title(name)}LogGroup")) for name in names]
    return _draw(
        sheet,
        Wire.EXECUTION_ROLE.title,
        "What ECS may do to start a container: pull the image, read its secrets, write its log lines",
        *pull(sheet.wire(Wire.REPOSITORY_ARN)),
        read_secrets([sheet.wire(wire) for wire in secrets]),
        write_logs(groups),
    )


def draw_writer_role(sheet: Sheet) -> GetAtt:
    """Draw the role of Airflow containers that write task logs, and return its ARN."""
    return _draw(
        sheet,
        Wire.TASK_ROLE.title,
        "What Airflow may do in AWS: read code, write task logs, open a shell for ECS Exec",
        _mount(sheet, CODE, write=False),
        _mount(sheet, ("logs",), write=True),
        open_shell(),
    )


def draw_reader_role(sheet: Sheet) -> GetAtt:
    """Draw the role of Airflow containers that only read, and return its ARN."""
    return _draw(
        sheet,
        Wire.READER_ROLE.title,
        "What Airflow may do in AWS where it writes no task logs: read code and logs, open a shell for ECS Exec",
        _mount(sheet, ACCESS_POINTS, write=False),
        open_shell(),
    )


def draw_sync_role(sheet: Sheet) -> GetAtt:
    """Draw the role of the sync task, the only one that may write code, and return its ARN."""
    return _draw(
        sheet,
        "SyncRole",
        "What the sync task may do in AWS: read the bucket, write code to the file system",
        *read_objects(sheet.wire(Wire.CODE_BUCKET), CODE_PREFIX),
        _mount(sheet, CODE, write=True),
    )


def _mount(sheet: Sheet, directories: Iterable[str], *, write: bool) -> Statement:
    doors = [sheet.wire(ACCESS_POINTS[directory]) for directory in directories]
    return mount(sheet.wire(Wire.FILE_SYSTEM), doors, write=write)


def _draw(sheet: Sheet, name: str, description: str, *statements: Statement) -> GetAtt:
    policy = Policy(PolicyName=name, PolicyDocument=document(*statements))
    role = Role(name, Description=description, AssumeRolePolicyDocument=trust_tasks(), Policies=[policy])
    return GetAtt(sheet.draw(role, description), "Arn")
