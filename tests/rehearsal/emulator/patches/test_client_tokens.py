"""The promises of rehearsal/emulator/patches/client_tokens.py, in an emulator."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.yard import Yard, template

pytestmark = pytest.mark.rehearsal
TOPIC: dict[str, Any] = {"Topic": {"Type": "AWS::SNS::Topic"}}


def test_a_token_runs_one_task(yard: Yard) -> None:
    """The same request gets the same task; another request with that token is refused."""
    ecs = yard.client("ecs")
    request = {
        "cluster": yard.outputs["Cluster"],
        "taskDefinition": yard.outputs["Once"],
        "launchType": "FARGATE",
        "clientToken": "once-and-only",
        **yard.placed,
    }
    first, again = (ecs.run_task(**request)["tasks"][0]["taskArn"] for _ in range(2))
    assert first == again
    with pytest.raises(ClientError, match="ConflictException"):
        ecs.run_task(**request, startedBy="somebody else")
    assert ecs.run_task(**{**request, "clientToken": "another"})["tasks"][0]["taskArn"] != first
    yard.reached(first, "STOPPED")


def test_a_token_makes_one_change_set(yard: Yard) -> None:
    """The same request gets the same change set; without the token, the name is taken."""
    client = yard.client("cloudformation")
    request = {
        "StackName": "tokens",
        "ChangeSetName": "one",
        "ChangeSetType": "CREATE",
        "TemplateBody": template(TOPIC),
        "IncludeNestedStacks": True,
    }
    first, again = (client.create_change_set(**request, ClientToken="t1")["Id"] for _ in range(2))
    assert first == again
    with pytest.raises(ClientError, match="AlreadyExists"):
        client.create_change_set(**request, ClientToken="t2")
    client.delete_change_set(ChangeSetName=first)
    made = client.create_change_set(**request, ClientToken="t1")
    assert made["Id"] != first
    yard.delete(made["StackId"])
