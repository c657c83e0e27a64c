"""The promises of rehearsal/emulator/patches/secrets.py, in an emulator."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal


def test_a_generated_secret_has_arn_length_and_alphabet(yard: Yard) -> None:
    """`Ref` of a secret is its ARN; a generated password has the requested length and no punctuation."""
    assert yard.outputs["Secret"].startswith("arn:aws:secretsmanager:")
    text = yard.client("secretsmanager").get_secret_value(SecretId=yard.outputs["Secret"])["SecretString"]
    password = json.loads(text)["password"]
    assert len(password) == 40
    assert password.isalnum()


def test_an_updated_secret_keeps_its_arn_and_a_deleted_one_is_gone(yard: Yard) -> None:
    """Nothing waits for a recovery window, which would keep the name."""
    outputs, client = {"Secret": {"Ref": "Secret"}}, yard.client("secretsmanager")

    def secret(text: str) -> dict[str, object]:
        properties = {"Name": "yard-own", "SecretString": text}
        return {"Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": properties}}

    stack = yard.create("secret", secret("old"), outputs=outputs)
    arn = yard.output(stack, "Secret")
    assert yard.update(stack, secret("new"), outputs=outputs) == "UPDATE_COMPLETE"
    assert yard.output(stack, "Secret") == arn
    assert client.get_secret_value(SecretId=arn)["SecretString"] == "new"
    assert yard.delete(stack) == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.describe_secret(SecretId=arn)


def test_an_arn_without_its_end_means_the_secret_of_exactly_that_name(yard: Yard) -> None:
    """Not another one whose name begins so, whichever was made first."""
    client = yard.client("secretsmanager")
    longer = client.create_secret(Name="plan-b", SecretString="longer")["ARN"]
    partial = longer.rpartition("-b-")[0]
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.get_secret_value(SecretId=partial)
    client.create_secret(Name="plan", SecretString="exact")
    assert client.get_secret_value(SecretId=partial)["SecretString"] == "exact"
