"""Secrets through the real client, answered by hand."""

import pytest

from deployer.aws.errors import AwsRefusal
from deployer.aws.secrets_manager import SecretsManager
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
