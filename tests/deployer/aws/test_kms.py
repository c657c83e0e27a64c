"""Keys through the real client, answered by hand."""

import pytest

from deployer.aws.errors import AwsRefusal
from deployer.aws.kms import Kms
from tests.deployer.aws.stub import stubbed

ARN = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def test_a_key_has_its_state_and_its_policy() -> None:
    """In the words of KMS."""
    client, stub = stubbed("kms")
    stub.add_response("describe_key", {"KeyMetadata": {"KeyId": "1", "KeyState": "PendingDeletion"}}, {"KeyId": ARN})
    stub.add_response("get_key_policy", {"Policy": "{}"}, {"KeyId": ARN, "PolicyName": "default"})
    assert Kms(client).state(ARN) == "PendingDeletion"
    assert Kms(client).policy(ARN) == "{}"


def test_a_key_that_is_not_there_is_absent() -> None:
    """Every other refusal is one."""
    client, stub = stubbed("kms")
    stub.add_client_error("describe_key", "NotFoundException")
    assert Kms(client).state(ARN) == "absent"
    stub.add_client_error("describe_key", "AccessDeniedException")
    with pytest.raises(AwsRefusal):
        Kms(client).state(ARN)
