"""Secrets through the real client, answered by hand."""

from datetime import UTC, datetime

import pytest

from deployer.aws.errors import AwsRefusal
from deployer.aws.secrets_manager import Found, SecretsManager
from tests.deployer.aws.stub import stubbed

ARN = "arn:aws:secretsmanager:us-west-2:123456789012:secret:demo-AbCdEf"


def test_the_value_is_returned() -> None:
    """The request names exactly this secret."""
    client, stub = stubbed("secretsmanager")
    stub.add_response("get_secret_value", {"ARN": ARN, "SecretString": "very-secret"}, {"SecretId": ARN})
    assert SecretsManager(client).read(ARN) == "very-secret"


def test_a_missing_secret_is_refused() -> None:
    """The caller gets AWS's own word."""
    client, stub = stubbed("secretsmanager")
    stub.add_client_error("get_secret_value", "ResourceNotFoundException", "can't find the specified secret")
    with pytest.raises(AwsRefusal, match="can't find the specified secret") as refusal:
        SecretsManager(client).read(ARN)
    assert refusal.value.code == "ResourceNotFoundException"


def test_a_secret_is_found_without_its_value() -> None:
    """With its current version, its tags, and when it ends if somebody has removed it."""
    client, stub = stubbed("secretsmanager")
    ends = datetime(2026, 12, 1, tzinfo=UTC)
    answer = {
        "ARN": ARN,
        "Name": "demo",
        "DeletedDate": ends,
        "VersionIdsToStages": {"v1" * 16: ["AWSPREVIOUS"], "v2" * 16: ["AWSCURRENT"]},
        "Tags": [{"Key": "a", "Value": "b"}],
    }
    stub.add_response("describe_secret", answer, {"SecretId": "demo"})
    stub.add_client_error("describe_secret", "ResourceNotFoundException")
    manager = SecretsManager(client)
    assert manager.find("demo") == Found(name="demo", version="v2" * 16, ends=ends, tags={"a": "b"})
    assert manager.find("nothing") is None


def test_names_below_a_prefix_are_listed() -> None:
    """AWS compares without regard to case; we do not."""
    client, stub = stubbed("secretsmanager")
    entries = [{"ARN": ARN, "Name": name} for name in ("demo/b", "Demo/c", "demo/a")]
    stub.add_response("list_secrets", {"SecretList": entries}, {"Filters": [{"Key": "name", "Values": ["demo/"]}]})
    assert SecretsManager(client).below("demo/") == ("demo/a", "demo/b")


def test_a_secret_is_made_restored_and_removed() -> None:
    """With tags, and with a time in which it can be restored."""
    client, stub = stubbed("secretsmanager")
    ends = datetime(2026, 12, 1, tzinfo=UTC)
    made = {"Name": "demo/a", "SecretString": "x", "Description": "d", "Tags": [{"Key": "k", "Value": "v"}]}
    stub.add_response("create_secret", {"ARN": ARN}, made)
    stub.add_response("restore_secret", {"ARN": ARN}, {"SecretId": "demo/a"})
    removed = {"SecretId": "demo/a", "RecoveryWindowInDays": 30}
    stub.add_response("delete_secret", {"ARN": ARN, "DeletionDate": ends}, removed)
    manager = SecretsManager(client)
    manager.create("demo/a", "x", "d", {"k": "v"})
    manager.restore("demo/a")
    assert manager.delete("demo/a", 30) == ends
    stub.assert_no_pending_responses()
