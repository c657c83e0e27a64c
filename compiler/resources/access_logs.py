"""The bucket of access logs: the load balancer and the other buckets write into it, each below its own prefix."""

from collections.abc import Iterator

from awacs import s3
from awacs.aws import Allow, Condition, Principal, Statement, StringEquals
from troposphere import Ref, Sub
from troposphere.s3 import Bucket

from compiler.model import stack_values as values
from compiler.model.stack import Policies, StackBuilder
from compiler.resources.buckets import BUCKET_LOGS, add_bucket
from spec.environment import Environment

LOAD_BALANCER_LOGS = "load-balancer"
"""Where in the bucket those of the load balancer lie."""


def add_access_logs(env: Environment, stack: StackBuilder, policies: Policies) -> Bucket | None:
    """Add the bucket and output it, if the environment has one."""
    if not env.logs.access:
        return None
    title, description = values.ACCESS_LOG_BUCKET.title, values.ACCESS_LOG_BUCKET.description
    days = env.logs.retention_days
    bucket = add_bucket(stack, title, description, policies, expire_days=days, statements=_writers)
    stack.output(values.ACCESS_LOG_BUCKET, bucket.ref())
    return bucket


def _writers(bucket: str) -> Iterator[Statement]:
    """Yield what lets AWS write the logs of this account.

    Sources: "Enable access logs for your Application Load Balancer", Elastic Load Balancing; "Permissions for log
    delivery", Amazon S3 User Guide.
    """
    yield Statement(
        Sid="LoadBalancersLog",
        Effect=Allow,
        Principal=Principal("Service", "logdelivery.elasticloadbalancing.amazonaws.com"),
        Action=[s3.PutObject],
        Resource=[Sub(f"{bucket}/{LOAD_BALANCER_LOGS}/AWSLogs/${{AWS::AccountId}}/*")],
    )
    yield Statement(
        Sid="BucketsLog",
        Effect=Allow,
        Principal=Principal("Service", "logging.s3.amazonaws.com"),
        Action=[s3.PutObject],
        Resource=[Sub(f"{bucket}/{BUCKET_LOGS}*")],
        Condition=Condition(StringEquals("aws:SourceAccount", Ref("AWS::AccountId"))),
    )
