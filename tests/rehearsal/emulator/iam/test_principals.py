"""The promises of rehearsal/emulator/iam/principals.py, in an emulator."""

from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from rehearsal.session import emulator_session
from tests.rehearsal.emulator.iam.roles import allow, document
from tests.rehearsal.yard import ACCOUNT, CACHE, REGION, Yard

pytestmark = pytest.mark.rehearsal


def test_a_session_can_be_given_policies(tmp_path: Path) -> None:
    """The deployer may then do what they allow, and nothing else."""
    policies = [document(allow("s3:*")), document(allow("sts:*"))]
    emulator = emulator_session.start(
        tmp_path / "emulator",
        gateway_port=0,
        web_port=0,
        region=REGION,
        account=ACCOUNT,
        cache=CACHE,
        deployer_policies=policies,
    )
    try:
        yard = Yard(emulator)
        assert yard.client("s3").list_buckets()["Buckets"] == []
        with pytest.raises(ClientError, match=f"User: arn:aws:iam::{ACCOUNT}:user/deployer is not authorized"):
            yard.client("ecs").list_clusters()
    finally:
        emulator_session.stop(emulator)


def test_without_policies_the_deployer_is_an_administrator(yard: Yard) -> None:
    """As most first deploys are made."""
    assert yard.client("iam").list_roles()["Roles"]


def test_a_task_has_credentials_of_its_role(yard: Yard) -> None:
    """Its session has the id of the task as its name."""
    program = (
        "import json, os, urllib.request\n"
        "path = os.environ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI']\n"
        "answer = json.load(urllib.request.urlopen('http://169.254.170.2' + path))\n"
        "print(answer['RoleArn'], answer['AccessKeyId'][:4], bool(answer['Token']))"
    )
    (line,) = yard.run("python", "-c", program)
    described = yard.client("ecs").describe_task_definition(taskDefinition=yard.outputs["Once"])["taskDefinition"]
    assert line == f"{described['taskRoleArn']} ASIA True"


def test_the_endpoint_has_nothing_for_a_stranger(yard: Yard) -> None:
    """A token of another task, or a guess."""
    program = (
        "import urllib.request\n"
        "try: urllib.request.urlopen('http://169.254.170.2/v2/credentials/guess')\n"
        "except OSError as error: print(error)"
    )
    assert yard.run("python", "-c", program) == ["HTTP Error 400: Bad Request"]
