"""Tasks and services through the real client, answered by hand."""

from typing import Any

import pytest

from deployer.aws.ecs import Ecs, TaskNetwork
from deployer.aws.errors import AwsRefusal
from tests.deployer.aws.stub import stubbed

TASK = "arn:aws:ecs:us-west-2:1:task/c/abc"


def _run(ecs: Ecs) -> str:
    return ecs.run(
        "c",
        "d:1",
        network=TaskNetwork(("s",), "g", public_address=True),
        token="t",
        started_by="windsock-sync",
        command=("airflow", ["x"]),
    )


def test_a_task_starts_with_its_client_token() -> None:
    """The same token starts no second task; the request overrides the command alone."""
    client, stub = stubbed("ecs")
    network = {"awsvpcConfiguration": {"subnets": ["s"], "securityGroups": ["g"], "assignPublicIp": "ENABLED"}}
    expected = {
        "cluster": "c",
        "taskDefinition": "d:1",
        "launchType": "FARGATE",
        "count": 1,
        "clientToken": "t",
        "startedBy": "windsock-sync",
        "propagateTags": "TASK_DEFINITION",
        "enableECSManagedTags": True,
        "networkConfiguration": network,
        "overrides": {"containerOverrides": [{"name": "airflow", "command": ["x"]}]},
        "enableExecuteCommand": False,
    }
    stub.add_response("run_task", {"tasks": [{"taskArn": TASK}], "failures": []}, expected)
    assert _run(Ecs(client)) == TASK


def test_a_failure_with_http_200_is_a_refusal() -> None:
    """Its reason is the code by which callers try again."""
    client, stub = stubbed("ecs")
    failure = {"arn": "x", "reason": "RESOURCE:ENI", "detail": "none left"}
    stub.add_response("run_task", {"tasks": [], "failures": [failure]})
    with pytest.raises(AwsRefusal, match="none left") as refusal:
        _run(Ecs(client))
    assert refusal.value.code == "RESOURCE:ENI"


def _deployment(status: str, running: int) -> dict[str, Any]:
    return {"status": status, "rolloutState": "COMPLETED", "runningCount": running, "pendingCount": 0}


def test_older_deployments_are_counted_by_their_tasks() -> None:
    """One that failed may stay listed without any."""
    client, stub = stubbed("ecs")
    service = {
        "serviceName": "s",
        "status": "ACTIVE",
        "desiredCount": 1,
        "runningCount": 1,
        "pendingCount": 0,
        "deployments": [_deployment("ACTIVE", 2), _deployment("PRIMARY", 1)],
    }
    stub.add_response("describe_services", {"services": [service]})
    (seen,) = Ecs(client).services("c", ["s"])
    assert (seen.rollout, seen.older) == ("COMPLETED", 2)


def test_a_missing_cluster_has_no_tasks() -> None:
    """A teardown that comes late finds nothing to stop."""
    client, stub = stubbed("ecs")
    stub.add_client_error("list_tasks", "ClusterNotFoundException")
    assert Ecs(client).task_arns("c") == ()


def test_only_the_exact_families_are_deregistered() -> None:
    """ECS lists by prefix: demo-command would match demo-command-two. All are listed at once."""
    client, stub = stubbed("ecs")
    prefix = "arn:aws:ecs:us-west-2:1:task-definition/demo-"
    mine, other, second = (f"{prefix}{name}:1" for name in ("a", "ab", "b"))
    listed = {"taskDefinitionArns": [mine, other, second]}
    stub.add_response("list_task_definitions", listed, {"familyPrefix": "demo-", "status": "ACTIVE"})
    stub.add_response("deregister_task_definition", {}, {"taskDefinition": mine})
    stub.add_response("deregister_task_definition", {}, {"taskDefinition": second})
    stub.add_response("list_task_definitions", listed, {"familyPrefix": "demo-", "status": "INACTIVE"})
    stub.add_response("delete_task_definitions", {}, {"taskDefinitions": [mine, second]})
    assert Ecs(client).forget(["demo-a", "demo-b"]) == {"demo-a": 1, "demo-b": 1}
    stub.assert_no_pending_responses()


def test_no_family_means_no_task_definition() -> None:
    """Without a prefix, ECS lists those of the whole account."""
    client, stub = stubbed("ecs")
    assert Ecs(client).forget([]) == {}
    stub.assert_no_pending_responses()


def test_a_revision_is_registered_without_what_only_answers_carry() -> None:
    """The service refuses fields that it made itself; the stubber checks the rest."""
    client, stub = stubbed("ecs")
    answer = {"taskDefinition": {"taskDefinitionArn": "d:2"}}
    definition = {"family": "d", "containerDefinitions": [{"name": "airflow", "image": "i"}]}
    stub.add_response("register_task_definition", answer, definition)
    made = Ecs(client).register({**definition, "taskDefinitionArn": "d:1", "revision": 1, "status": "ACTIVE"})
    assert made == "d:2"
