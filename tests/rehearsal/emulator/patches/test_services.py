"""The promises of rehearsal/emulator/patches/services.py, in an emulator."""

import urllib.request
from typing import Any

import pytest

from tests.rehearsal.yard import IMAGE, Yard

pytestmark = pytest.mark.rehearsal
SLOW_END = "import signal, time; signal.signal(15, lambda *_: (time.sleep(1), exit(0))); time.sleep(999)"


def _cluster(yard: Yard, *command: str) -> dict[str, Any]:
    """Return a template of a cluster of its own with one service, in the network of the yard."""
    where = {"Subnets": yard.outputs["Subnets"].split(","), "SecurityGroups": [yard.outputs["Group"]]}
    network = {"AwsvpcConfiguration": {**where, "AssignPublicIp": "ENABLED"}}
    container = {"Name": "own", "Image": IMAGE, "Command": list(command), "StopTimeout": 5}
    size = {"Cpu": "256", "Memory": "512", "NetworkMode": "awsvpc"}
    service = {"Cluster": {"Ref": "Cluster"}, "LaunchType": "FARGATE", "TaskDefinition": {"Ref": "Definition"}}
    return {
        "Cluster": {"Type": "AWS::ECS::Cluster"},
        "Definition": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [container], **size}},
        "Service": {
            "Type": "AWS::ECS::Service",
            "Properties": {**service, "NetworkConfiguration": network, "DesiredCount": 1},
        },
    }


def test_a_service_is_created_when_its_task_runs_and_deleted_when_it_has_ended(yard: Yard) -> None:
    """CloudFormation reports neither before it is true, although the task takes a second to end."""
    outputs = {"Cluster": {"Ref": "Cluster"}}
    stack = yard.create("own", _cluster(yard, "python", "-c", SLOW_END), outputs=outputs)
    assert yard.status(stack) == "CREATE_COMPLETE", yard.events(stack)
    ecs, cluster = yard.client("ecs"), yard.output(stack, "Cluster")
    (arn,) = ecs.list_tasks(cluster=cluster)["taskArns"]
    (task,) = ecs.describe_tasks(cluster=cluster, tasks=[arn])["tasks"]
    assert task["lastStatus"] == "RUNNING"
    (address,) = [one["value"] for one in task["attachments"][0]["details"] if one["name"] == "privateIPv4Address"]
    hosts = yard.emulator.directory / "etc" / "hosts"
    assert f"{address} " in hosts.read_text(encoding="utf-8")
    assert yard.delete(stack) == "DELETE_COMPLETE"
    assert f"{address} " not in hosts.read_text(encoding="utf-8")


def test_crashing_tasks_roll_back(serving: Yard) -> None:
    """Three failed tasks fail the update; the stack goes back and the old tasks have gone on serving."""
    assert serving.change("UPDATE", Count="1", Health="crash") == "UPDATE_ROLLBACK_COMPLETE"
    events = serving.client("cloudformation").describe_stack_events(StackName="yard")["StackEvents"]
    assert any("Circuit Breaker" in event.get("ResourceStatusReason", "") for event in events)
    with urllib.request.urlopen(serving.emulator.web_url) as answer:
        assert answer.status == 200
