"""Promises of every bucket: private, encrypted, versioned, owned by one account, reached over TLS alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compiler.compile import compile_environment
from compiler.model.stack_graph import StackGraph
from tests.spec.minimal import minimal

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


LOGGING = "logs: {access: true, retention_days: 14, remote: s3}\n"


def _of_templates(more: str = LOGGING) -> dict[str, dict[str, Any]]:
    graph = StackGraph.of(compile_environment(minimal(more=more)))
    return {path: dict(resource.get("Properties", {})) for path, resource in graph.resources.items()}


def test_every_bucket_and_the_load_balancer_log_into_one() -> None:
    """Each below a prefix of its own, for as long as other lines are kept."""
    resources = _of_templates()
    logs = resources["Storage/AccessLogBucket"]
    assert "LoggingConfiguration" not in logs
    assert [rule.get("ExpirationInDays") for rule in logs["LifecycleConfiguration"]["Rules"]] == [14]
    for name in ("CodeBucket", "TaskLogBucket"):
        said = resources[f"Storage/{name}"]["LoggingConfiguration"]
        assert said == {"DestinationBucketName": {"Ref": "AccessLogBucket"}, "LogFilePrefix": f"buckets/{name}/"}
    attributes = {one["Key"]: one["Value"] for one in resources["Edge/LoadBalancer"]["LoadBalancerAttributes"]}
    assert attributes["access_logs.s3.enabled"] == "true"
    assert attributes["access_logs.s3.bucket"] == {"Ref": "AccessLogBucket"}


def test_only_aws_writes_there_and_only_the_logs_of_this_account() -> None:
    """Two services may put objects, each below its prefix; nobody else is named."""
    document = _of_templates()["Storage/AccessLogBucketPolicy"]["PolicyDocument"]
    allowed = {one["Principal"]["Service"]: one for one in document["Statement"] if one["Effect"] == "Allow"}
    assert set(allowed) == {"logdelivery.elasticloadbalancing.amazonaws.com", "logging.s3.amazonaws.com"}
    assert {tuple(one["Action"]) for one in allowed.values()} == {("s3:PutObject",)}
    balancers = allowed["logdelivery.elasticloadbalancing.amazonaws.com"]["Resource"][0]["Fn::Sub"]
    assert balancers.endswith("/load-balancer/AWSLogs/${AWS::AccountId}/*")
    buckets = allowed["logging.s3.amazonaws.com"]["Condition"]
    assert buckets == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_without_a_word_nothing_is_logged() -> None:
    """Who visits whom is nobody's business by default, and the bucket costs money."""
    resources = _of_templates("logs: {remote: s3}\n")
    assert "Storage/AccessLogBucket" not in resources
    assert "LoggingConfiguration" not in resources["Storage/CodeBucket"]
