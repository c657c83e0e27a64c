"""Access logs go to a bucket of their own, and only where the YAML asks for them."""

from typing import Any

from compiler.compile import compile_environment
from compiler.model.stack_graph import StackGraph
from tests.spec.minimal import minimal

LOGGING = "logs: {access: true, retention_days: 14, remote: s3}\n"


def _resources(more: str = LOGGING) -> dict[str, dict[str, Any]]:
    graph = StackGraph.of(compile_environment(minimal(more=more)))
    return {path: dict(resource.get("Properties", {})) for path, resource in graph.resources.items()}


def test_every_bucket_and_the_load_balancer_log_into_one() -> None:
    """Each below a prefix of its own, for as long as other lines are kept."""
    resources = _resources()
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
    document = _resources()["Storage/AccessLogBucketPolicy"]["PolicyDocument"]
    allowed = {one["Principal"]["Service"]: one for one in document["Statement"] if one["Effect"] == "Allow"}
    assert set(allowed) == {"logdelivery.elasticloadbalancing.amazonaws.com", "logging.s3.amazonaws.com"}
    assert {tuple(one["Action"]) for one in allowed.values()} == {("s3:PutObject",)}
    balancers = allowed["logdelivery.elasticloadbalancing.amazonaws.com"]["Resource"][0]["Fn::Sub"]
    assert balancers.endswith("/load-balancer/AWSLogs/${AWS::AccountId}/*")
    buckets = allowed["logging.s3.amazonaws.com"]["Condition"]
    assert buckets == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_without_a_word_nothing_is_logged() -> None:
    """Who visits whom is nobody's business by default, and the bucket costs money."""
    resources = _resources("logs: {remote: s3}\n")
    assert "Storage/AccessLogBucket" not in resources
    assert "LoggingConfiguration" not in resources["Storage/CodeBucket"]
