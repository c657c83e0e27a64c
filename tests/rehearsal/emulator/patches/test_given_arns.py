"""The promises of rehearsal/emulator/patches/given_arns.py, in an emulator."""

import pytest
from botocore.exceptions import ClientError

from rehearsal.emulator.rules.given_arns import GIVEN_ARN
from tests.rehearsal.emulator.iam.roles import allow
from tests.rehearsal.emulator.patches.test_task_permissions import outcome, role
from tests.rehearsal.yard import ACCOUNT, REGION, Yard

pytestmark = pytest.mark.rehearsal

SECRET = "arn:aws:secretsmanager:{}:secret:away/word-AbCdEf"
HERE, OF_REGION, OF_ACCOUNT = f"{REGION}:{ACCOUNT}", f"eu-west-1:{ACCOUNT}", f"{REGION}:999999999999"


@pytest.mark.parametrize("place", [HERE, OF_REGION, OF_ACCOUNT])
def test_ecs_reads_a_secret_by_its_arn(yard: Yard, place: str) -> None:
    """Of the region, of another one, of another account; each is its own."""
    arn = SECRET.format(place)
    tags = [{"Key": GIVEN_ARN, "Value": arn}]
    created = yard.client("secretsmanager").create_secret(Name="away/word", SecretString=place, Tags=tags)
    assert created["ARN"] == arn
    secrets = [{"name": "WORD", "valueFrom": arn}]
    reading = role(yard, place.replace(":", "-"), allow("logs:*"), allow("secretsmanager:GetSecretValue", on=arn))
    assert outcome(yard, "sh", "-c", f'test "$WORD" = {place}', execution=reading, secrets=secrets)[1] == 0


def test_a_call_of_this_region_finds_no_secret_of_another(yard: Yard) -> None:
    """By its ARN either, as on AWS; one of another account it does."""
    client = yard.client("secretsmanager")
    for place in (OF_REGION, OF_ACCOUNT):
        arn = SECRET.format(place).replace("word", "found")
        client.create_secret(Name="away/found", SecretString="x", Tags=[{"Key": GIVEN_ARN, "Value": arn}])
    assert client.describe_secret(SecretId=arn)["ARN"] == arn
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.describe_secret(SecretId=SECRET.format(OF_REGION).replace("word", "found"))


def test_a_key_is_there_under_its_arn(yard: Yard) -> None:
    """With its policy, and usable by it."""
    arn = f"arn:aws:kms:{HERE}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    kms = yard.client("kms")
    made = kms.create_key(Policy="{}", Tags=[{"TagKey": GIVEN_ARN, "TagValue": arn}])["KeyMetadata"]
    assert (made["Arn"], made["KeyId"]) == (arn, arn.rpartition("/")[2])
    assert kms.describe_key(KeyId=arn)["KeyMetadata"]["KeyState"] == "Enabled"
    assert kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"] == "{}"


def test_ecs_reads_a_parameter_of_another_region(yard: Yard) -> None:
    """By its ARN, with the right to read it."""
    arn = f"arn:aws:ssm:{OF_REGION}:parameter/away/word"
    tags = [{"Key": GIVEN_ARN, "Value": arn}]
    yard.client("ssm").put_parameter(Name="/away/word", Value="plain", Type="SecureString", Tags=tags)
    secrets = [{"name": "WORD", "valueFrom": arn}]
    reading = role(yard, "parameter-away", allow("logs:*"), allow("ssm:GetParameters", on=arn))
    assert outcome(yard, "sh", "-c", 'test "$WORD" = plain', execution=reading, secrets=secrets)[1] == 0
