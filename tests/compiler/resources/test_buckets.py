"""Promises of every bucket: private, encrypted, versioned, owned by one account, reached over TLS alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

BUCKETS = [("storage.yaml", "CodeBucket"), ("toolkit.yaml", "TemplatesBucket")]


@pytest.fixture(params=BUCKETS, ids=lambda bucket: bucket[1])
def resources(request: pytest.FixtureRequest, largest: Case) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the properties of a bucket and of its policy."""
    file, title = request.param
    declared = largest.parsed[file]["Resources"]
    return declared[title]["Properties"], declared[f"{title}Policy"]["Properties"]


def test_no_bucket_is_public(resources: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """All four blocks of public access are on, and access lists have no effect."""
    bucket, _ = resources
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_deleted_objects_can_be_restored_for_a_while(resources: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """Objects are encrypted and versioned; old versions and abandoned uploads expire."""
    bucket, _ = resources
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    rule, *_ = bucket["LifecycleConfiguration"]["Rules"]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}


def test_plain_connections_are_refused(resources: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """The policy denies every request without TLS and allows nothing."""
    _, policy = resources
    statement, *more = policy["PolicyDocument"]["Statement"]
    assert {one["Effect"] for one in (statement, *more)} == {"Deny"}
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert len(statement["Resource"]) == 2
