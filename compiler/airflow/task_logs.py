"""Task logs away from the file system: the options, the place and the rights that they need."""

from typing import Any

from awacs.aws import Statement
from troposphere import Sub
from troposphere.logs import LogGroup

from compiler.model.stack import Policies, Sheet
from compiler.model.stack_values import Wire
from compiler.resources.buckets import draw_bucket
from compiler.resources.policies import HERE, keep_task_logs, read_task_logs, write_task_logs
from spec.environment import Environment

TASK_LOGS = frozenset({Wire.TASK_LOG_GROUP, Wire.TASK_LOG_BUCKET})
"""Of these a stack takes or gives one, or none: it depends on `logs.remote`."""

PREFIX = "logs"


def task_log_options(env: Environment, sheet: Sheet) -> dict[str, Any]:
    """Return the variables with which every process finds task logs; none when they are on the file system alone."""
    if env.remote_logs == "none":
        return {}
    return {
        "AIRFLOW__LOGGING__REMOTE_LOGGING": "True",
        "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": _folder(env, sheet),
        "AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID": "",  # no connection of Airflow's: the container's role is enough
    }


def draw_task_logs(env: Environment, sheet: Sheet, policies: Policies) -> None:
    """Draw the place of the task logs and give it, if the environment has one."""
    if env.remote_logs == "cloudwatch":
        group = LogGroup(Wire.TASK_LOG_GROUP.title, RetentionInDays=env.logs.retention_days, **policies)
        sheet.give(Wire.TASK_LOG_GROUP, sheet.draw(group, "Task logs, as the web interface shows them").ref())
    if env.remote_logs == "s3":
        description = "Task logs, as the web interface shows them"
        title, days = Wire.TASK_LOG_BUCKET.title, env.logs.retention_days
        bucket = draw_bucket(sheet, title, description, policies, expire_days=days)
        sheet.give(Wire.TASK_LOG_BUCKET, bucket.ref())


def task_log_rights(env: Environment, sheet: Sheet, *, write: bool) -> tuple[Statement, ...]:
    """Return what a container may do with task logs."""
    if env.remote_logs == "cloudwatch":
        group = sheet.wire(Wire.TASK_LOG_GROUP)
        return write_task_logs(group) if write else (read_task_logs(group),)
    if env.remote_logs == "s3":
        return keep_task_logs(sheet.wire(Wire.TASK_LOG_BUCKET), write=write)
    return ()


def _folder(env: Environment, sheet: Sheet) -> Sub:
    if env.remote_logs == "s3":
        sheet.wire(Wire.TASK_LOG_BUCKET)
        return Sub(f"s3://${{{Wire.TASK_LOG_BUCKET.title}}}/{PREFIX}")
    sheet.wire(Wire.TASK_LOG_GROUP)
    return Sub(f"cloudwatch://arn:${{AWS::Partition}}:logs:{HERE}:log-group:${{{Wire.TASK_LOG_GROUP.title}}}")
