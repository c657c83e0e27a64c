"""How every bucket here is drawn: private, encrypted, versioned, reached over TLS alone."""

from typing import Any

from awacs.aws import Action
from troposphere import Sub
from troposphere.s3 import (
    AbortIncompleteMultipartUpload,
    Bucket,
    BucketEncryption,
    BucketPolicy,
    LifecycleConfiguration,
    LifecycleRule,
    NoncurrentVersionExpiration,
    OwnershipControls,
    OwnershipControlsRule,
    PublicAccessBlockConfiguration,
    ServerSideEncryptionByDefault,
    ServerSideEncryptionRule,
    VersioningConfiguration,
)

from compiler.policies import document, only_tls
from compiler.stack import Policies, Sheet

KEEP_OLD_VERSIONS_DAYS = 30
ABORT_UPLOADS_DAYS = 7


def draw_bucket(
    sheet: Sheet, title: str, description: str, policies: Policies, *, expire_days: int | None = None
) -> Bucket:
    """Draw a bucket and the policy that closes it to connections without TLS.

    Objects stay until they are deleted, or for `expire_days`.
    """
    encryption = ServerSideEncryptionRule(
        ServerSideEncryptionByDefault=ServerSideEncryptionByDefault(SSEAlgorithm="AES256")
    )
    bucket = sheet.draw(
        Bucket(
            title,
            BucketEncryption=BucketEncryption(ServerSideEncryptionConfiguration=[encryption]),
            VersioningConfiguration=VersioningConfiguration(Status="Enabled"),
            OwnershipControls=OwnershipControls(Rules=[OwnershipControlsRule(ObjectOwnership="BucketOwnerEnforced")]),
            PublicAccessBlockConfiguration=_closed(),
            LifecycleConfiguration=LifecycleConfiguration(Rules=[_expiry(expire_days)]),
            **policies,
        ),
        description,
    )
    arn = f"arn:${{AWS::Partition}}:s3:::${{{title}}}"
    refusal = only_tls([Action("s3", "*")], [Sub(arn), Sub(f"{arn}/*")])
    sheet.draw(
        BucketPolicy(f"{title}Policy", Bucket=bucket.ref(), PolicyDocument=document(refusal)),
        f"Refuses connections to {title} without TLS",
    )
    return bucket


def _closed() -> PublicAccessBlockConfiguration:
    return PublicAccessBlockConfiguration(
        BlockPublicAcls=True, BlockPublicPolicy=True, IgnorePublicAcls=True, RestrictPublicBuckets=True
    )


def _expiry(days: int | None) -> LifecycleRule:
    more: dict[str, Any] = {"ExpirationInDays": days} if days else {}
    return LifecycleRule(
        Id="ExpireOldVersions",
        Status="Enabled",
        NoncurrentVersionExpiration=NoncurrentVersionExpiration(NoncurrentDays=KEEP_OLD_VERSIONS_DAYS),
        AbortIncompleteMultipartUpload=AbortIncompleteMultipartUpload(DaysAfterInitiation=ABORT_UPLOADS_DAYS),
        **more,
    )
