"""A load balancer that logs accesses writes a first object into its bucket, or is refused where it may not.

MiniStack notes the attribute and looks at no bucket.
Source: "Enable access logs for your Application Load Balancer", Elastic Load Balancing,
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import s3

from rehearsal.emulator.patches.handlers import Created, ResourceHandlers

KIND = "AWS::ElasticLoadBalancingV2::LoadBalancer"
WRITER = "logdelivery.elasticloadbalancing.amazonaws.com"
TEST_FILE = "ELBAccessLogTestFile"
_WRITES = "s3:PutObject"


def apply(handlers: ResourceHandlers) -> None:
    """Try the bucket when a template makes a load balancer, and when it changes one."""
    create, update = handlers.original(KIND, "create"), handlers.original(KIND, "update")

    def create_logging(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        _try_bucket(properties)
        created: Created = create(logical_id, properties, stack)
        return created

    def update_logging(physical_id: str, old: Any, new: dict[str, Any], stack: str, logical_id: str) -> Created:
        _try_bucket(new)
        updated: Created = update(physical_id, old, new, stack, logical_id)
        return updated

    handlers.put(KIND, create=create_logging, update=update_logging)


def _try_bucket(properties: dict[str, Any]) -> None:
    """Write the object by which AWS tries a bucket. Raises `ValueError` where the bucket's policy keeps it out."""
    said = {str(one["Key"]): str(one["Value"]) for one in properties.get("LoadBalancerAttributes") or ()}
    if said.get("access_logs.s3.enabled") != "true":
        return
    bucket, prefix = said.get("access_logs.s3.bucket", ""), said.get("access_logs.s3.prefix", "")
    key = "/".join(part for part in (prefix, "AWSLogs", get_account_id(), TEST_FILE) if part)
    if bucket not in s3._buckets or not _lets_in(bucket, key) or _has_other_key(bucket):
        raise ValueError(
            f"Access Denied for bucket: {bucket}. Please check S3bucket permission (Service: ElasticLoadBalancingV2, "
            "Status Code: 400, Error Code: InvalidConfigurationRequest)"
        )
    s3._put_object(bucket, key, b"Enable AccessLog for this load balancer\n", {})


def _has_other_key(bucket: str) -> bool:
    """Whether another key than that of S3 encrypts a bucket: load balancers write to no such one. Source as above."""
    algorithm = str(s3._bucket_default_sse_headers(bucket).get("x-amz-server-side-encryption", "AES256"))
    return algorithm != "AES256"


def _lets_in(bucket: str, key: str) -> bool:
    policy = json.loads(s3._bucket_policies.get(bucket) or "{}")
    arn = f"arn:aws:s3:::{bucket}/{key}"
    return any(
        statement.get("Effect") == "Allow"
        and WRITER in _list(dict(_principal(statement)).get("Service"))
        and any(fnmatchcase(_WRITES, action) for action in _list(statement.get("Action")))
        and any(fnmatchcase(arn, resource) for resource in _list(statement.get("Resource")))
        for statement in _list(policy.get("Statement"))
    )


def _principal(statement: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    principal = statement.get("Principal")
    yield from (principal if isinstance(principal, dict) else {"AWS": principal}).items()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
