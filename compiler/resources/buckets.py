"""Buckets: private, encrypted, reached over TLS alone, and versioned unless their objects expire soon."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from awacs import s3
from awacs.aws import Action, Allow, Condition, Principal, Statement, StringEquals
from troposphere import Ref, Sub
from troposphere.s3 import (
    AbortIncompleteMultipartUpload,
    Bucket,
    BucketEncryption,
    BucketPolicy,
    LifecycleConfiguration,
    LifecycleRule,
    LoggingConfiguration,
    NoncurrentVersionExpiration,
    OwnershipControls,
    OwnershipControlsRule,
    PublicAccessBlockConfiguration,
    ServerSideEncryptionByDefault,
    ServerSideEncryptionRule,
    VersioningConfiguration,
)

from compiler.model import stack_values as values
from compiler.model.stack import Policies, StackBuilder
from compiler.resources.policies import document, only_tls
from spec.aws_facts.regions import LOG_ACCOUNTS

BUCKET_LOGS = "buckets/"
"""Where in the bucket of access logs those of other buckets lie."""

LOAD_BALANCER_LOGS = "load-balancer"
"""Where in the bucket of access logs those of the load balancer lie."""

KEEP_OLD_VERSIONS_DAYS = 30
ABORT_UPLOADS_DAYS = 7
EXPIRING_DAYS = 1  # the fewest that S3 takes


def add_bucket(
    stack: StackBuilder,
    title: str,
    description: str,
    policies: Policies,
    *,
    expire_days: int | None = None,
    expiring_prefix: str | None = None,
    statements: Callable[[str], Iterable[Statement]] = lambda _arn: (),
    access_logs: Bucket | None = None,
    key: Any = None,
) -> Bucket:
    """Add a bucket and the policy that refuses connections without TLS, and what else `statements` of its ARN say.

    Objects stay until they are deleted, or for `expire_days`. Objects below `expiring_prefix` expire after a day
    with all their versions; the empty prefix means the whole bucket, which then keeps no versions. Requests are logged
    into the bucket `access_logs`. `key` is the ARN of the key that encrypts objects, None for that of S3.
    """
    # A bucket in which everything expires keeps no versions.
    versions: dict[str, Any] = {}
    if expiring_prefix != "":  # the empty prefix is the whole bucket, and None is no prefix
        versions["VersioningConfiguration"] = VersioningConfiguration(Status="Enabled")
    bucket = stack.add(
        Bucket(
            title,
            BucketEncryption=BucketEncryption(ServerSideEncryptionConfiguration=[_encryption(key)]),
            OwnershipControls=OwnershipControls(Rules=[OwnershipControlsRule(ObjectOwnership="BucketOwnerEnforced")]),
            PublicAccessBlockConfiguration=_closed(),
            LifecycleConfiguration=LifecycleConfiguration(Rules=_rules(expire_days, expiring_prefix)),
            **versions,
            **_logging(title, access_logs),
            **policies,
        ),
        description,
    )
    arn = f"arn:${{AWS::Partition}}:s3:::${{{title}}}"
    refusal = only_tls([Action("s3", "*")], [Sub(arn), Sub(f"{arn}/*")])
    stack.add(
        BucketPolicy(f"{title}Policy", Bucket=bucket.ref(), PolicyDocument=document(refusal, *statements(arn))),
        f"Refuses connections to {title} without TLS",
    )
    return bucket


def _encryption(key: Any) -> ServerSideEncryptionRule:
    if key is None:
        return ServerSideEncryptionRule(
            ServerSideEncryptionByDefault=ServerSideEncryptionByDefault(SSEAlgorithm="AES256")
        )
    default = ServerSideEncryptionByDefault(SSEAlgorithm="aws:kms", KMSMasterKeyID=key)
    # S3 asks KMS once for many objects, which KMS bills by the request.
    return ServerSideEncryptionRule(BucketKeyEnabled=True, ServerSideEncryptionByDefault=default)


def add_access_logs(
    region: str, days: int, stack: StackBuilder, policies: Policies, *, of_buckets: bool = True
) -> Bucket:
    """Add the bucket of the access logs of load balancers, and `of_buckets`, and output it; lines stay so many days.

    It has the key of S3: load balancers write to no bucket with another one. Source: "Enable access logs for your
    Application Load Balancer", Elastic Load Balancing.
    """
    title, description = values.ACCESS_LOG_BUCKET.title, values.ACCESS_LOG_BUCKET.description
    writers = partial(_writers, region, of_buckets=of_buckets)
    bucket = add_bucket(stack, title, description, policies, expire_days=days, statements=writers)
    stack.output(values.ACCESS_LOG_BUCKET, bucket.ref())
    return bucket


def logged_to(bucket: Any) -> dict[str, Any]:
    """Return the attributes of a load balancer that writes its access logs into a bucket, by its name."""
    return {
        "access_logs.s3.enabled": "true",
        "access_logs.s3.bucket": bucket,
        "access_logs.s3.prefix": LOAD_BALANCER_LOGS,
    }


def _writers(region: str, bucket: str, *, of_buckets: bool) -> Iterator[Statement]:
    """Yield what lets AWS write the logs of this account.

    Sources: "Enable access logs for your Application Load Balancer", Elastic Load Balancing; "Permissions for log
    delivery", Amazon S3 User Guide.
    """
    yield Statement(
        Sid="LoadBalancersLog",
        Effect=Allow,
        Principal=_load_balancers(region),
        Action=[s3.PutObject],
        Resource=[Sub(f"{bucket}/{LOAD_BALANCER_LOGS}/AWSLogs/${{AWS::AccountId}}/*")],
    )
    if of_buckets:
        yield Statement(
            Sid="BucketsLog",
            Effect=Allow,
            Principal=Principal("Service", "logging.s3.amazonaws.com"),
            Action=[s3.PutObject],
            Resource=[Sub(f"{bucket}/{BUCKET_LOGS}*")],
            Condition=Condition(StringEquals("aws:SourceAccount", Ref("AWS::AccountId"))),
        )


def _load_balancers(region: str) -> Principal:
    if account := LOG_ACCOUNTS.get(region):
        return Principal("AWS", Sub(f"arn:${{AWS::Partition}}:iam::{account}:root"))
    return Principal("Service", "logdelivery.elasticloadbalancing.amazonaws.com")


def _logging(title: str, access_logs: Bucket | None) -> dict[str, Any]:
    if access_logs is None:
        return {}
    prefix = f"{BUCKET_LOGS}{title}/"
    where = LoggingConfiguration(DestinationBucketName=access_logs.ref(), LogFilePrefix=prefix)
    return {"LoggingConfiguration": where}


def _closed() -> PublicAccessBlockConfiguration:
    return PublicAccessBlockConfiguration(
        BlockPublicAcls=True, BlockPublicPolicy=True, IgnorePublicAcls=True, RestrictPublicBuckets=True
    )


def _rules(expire_days: int | None, expiring_prefix: str | None) -> list[LifecycleRule]:
    permanent = [] if expiring_prefix == "" else [_expiry(expire_days)]
    return permanent if expiring_prefix is None else [*permanent, _expire(expiring_prefix)]


def _expiry(days: int | None) -> LifecycleRule:
    more: dict[str, Any] = {"ExpirationInDays": days} if days else {}
    return LifecycleRule(
        Id="ExpireOldVersions",
        Status="Enabled",
        NoncurrentVersionExpiration=NoncurrentVersionExpiration(NoncurrentDays=KEEP_OLD_VERSIONS_DAYS),
        AbortIncompleteMultipartUpload=AbortIncompleteMultipartUpload(DaysAfterInitiation=ABORT_UPLOADS_DAYS),
        **more,
    )


def _expire(prefix: str) -> LifecycleRule:
    below: dict[str, Any] = {"Prefix": prefix} if prefix else {}
    return LifecycleRule(
        Id="ExpireWhatPasses",
        Status="Enabled",
        ExpirationInDays=EXPIRING_DAYS,
        # A bucket that once kept versions still holds them.
        NoncurrentVersionExpiration=NoncurrentVersionExpiration(NoncurrentDays=EXPIRING_DAYS),
        AbortIncompleteMultipartUpload=AbortIncompleteMultipartUpload(DaysAfterInitiation=EXPIRING_DAYS),
        **below,
    )
