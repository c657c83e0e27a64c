"""Buckets: private, encrypted, reached over TLS alone, and versioned unless their objects expire soon."""

from collections.abc import Callable, Iterable
from typing import Any

from awacs.aws import Action, Statement
from troposphere import Sub
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

from compiler.model.stack import Policies, StackBuilder
from compiler.resources.policies import document, only_tls

BUCKET_LOGS = "buckets/"
"""Where in the bucket of access logs those of other buckets lie."""

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
) -> Bucket:
    """Add a bucket and the policy that refuses connections without TLS, and what else `statements` of its ARN say.

    Objects stay until they are deleted, or for `expire_days`. Objects below `expiring_prefix` expire after a day
    with all their versions; the empty prefix means the whole bucket, which then keeps no versions. Requests are logged
    into the bucket `access_logs`.
    """
    # A bucket in which everything expires keeps no versions.
    versions: dict[str, Any] = {}
    if expiring_prefix != "":  # the empty prefix is the whole bucket, and None is no prefix
        versions["VersioningConfiguration"] = VersioningConfiguration(Status="Enabled")
    encryption = ServerSideEncryptionRule(
        ServerSideEncryptionByDefault=ServerSideEncryptionByDefault(SSEAlgorithm="AES256")
    )
    bucket = stack.add(
        Bucket(
            title,
            BucketEncryption=BucketEncryption(ServerSideEncryptionConfiguration=[encryption]),
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
