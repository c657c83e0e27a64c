"""Task logs in CloudWatch or S3: the options, the resource and the permissions that they need."""

from collections.abc import Iterator
from typing import Any

from troposphere import Sub
from troposphere.logs import LogGroup
from troposphere.s3 import Bucket

from compiler.model import stack_values as values
from compiler.model.permission import Permission
from compiler.model.stack import Policies, StackBuilder
from compiler.resources.buckets import add_bucket
from compiler.resources.encryption import encrypted, key_of
from compiler.resources.permissions import (
    keep_task_logs_in_bucket,
    read_task_logs_from_group,
    write_task_logs_to_group,
)
from compiler.resources.policies import HERE
from spec.environment import Environment

TASK_LOGS = frozenset({values.TASK_LOG_GROUP, values.TASK_LOG_BUCKET})
"""A stack takes or outputs one of these, or none: it depends on `logs.remote`."""

PREFIX = "logs"


def task_log_options(env: Environment, stack: StackBuilder) -> dict[str, Any]:
    """Return the variables with which every process finds task logs; none when they are on the file system alone."""
    if env.remote_logs == "none":
        return {}
    return {
        "AIRFLOW__LOGGING__REMOTE_LOGGING": "True",
        "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": _folder(env, stack),
        "AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID": "",  # no connection of Airflow's: the container's role is enough
    }


def add_task_logs(env: Environment, stack: StackBuilder, policies: Policies, access_logs: Bucket | None) -> None:
    """Add log group or bucket of the task logs, and output it, if the environment has one.

    Requests to the bucket are logged into the bucket `access_logs`.
    """
    if env.remote_logs == "cloudwatch":
        group = log_group(env, stack, values.TASK_LOG_GROUP.title, policies)
        stack.output(values.TASK_LOG_GROUP, stack.add(group, "Task logs, as the web interface shows them").ref())
    if env.remote_logs == "s3":
        description = "Task logs, as the web interface shows them"
        title, days = values.TASK_LOG_BUCKET.title, env.logs.retention_days
        key = key_of(env, stack, "buckets")
        bucket = add_bucket(stack, title, description, policies, expire_days=days, access_logs=access_logs, key=key)
        stack.output(values.TASK_LOG_BUCKET, bucket.ref())


def log_group(env: Environment, stack: StackBuilder, title: str, policies: Policies) -> LogGroup:
    """Return a log group of the environment."""
    key = encrypted(env, stack, "logs")
    return LogGroup(title, RetentionInDays=env.logs.retention_days, **key, **policies)


def task_log_permissions(env: Environment, source: str, *, write: bool) -> Iterator[Permission]:
    """Yield what a container may do with task logs."""
    if env.remote_logs == "s3":
        yield from keep_task_logs_in_bucket(source, write=write)
    elif env.remote_logs == "cloudwatch" and write:
        yield from write_task_logs_to_group(source)
    elif env.remote_logs == "cloudwatch":
        yield read_task_logs_from_group(source)


def _folder(env: Environment, stack: StackBuilder) -> Sub:
    if env.remote_logs == "s3":
        stack.parameter(values.TASK_LOG_BUCKET)
        return Sub(f"s3://${{{values.TASK_LOG_BUCKET.title}}}/{PREFIX}")
    stack.parameter(values.TASK_LOG_GROUP)
    return Sub(f"cloudwatch://arn:${{AWS::Partition}}:logs:{HERE}:log-group:${{{values.TASK_LOG_GROUP.title}}}")
