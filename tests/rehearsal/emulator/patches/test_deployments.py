"""The promises of rehearsal/emulator/patches/deployments.py, in an emulator."""

import time

import pytest

from tests.rehearsal.yard import IMAGE, Yard

pytestmark = pytest.mark.rehearsal
CHECK = {"command": ["CMD", "test", "-e", "/tmp/ready"], "interval": 1, "retries": 10, "startPeriod": 60}
SCRIPT = "while test ! -e /opt/shelf/go; do sleep 0.1; done; touch /tmp/ready; sleep 600"
UNCORRECTED_SECONDS = 1.5
"""MiniStack calls a deployment complete one second after its task has started."""


def test_a_deployment_is_in_progress_until_its_task_is_healthy(yard: Yard) -> None:
    """The first deployment of a service too; it is complete when the health check has passed."""
    described = yard.client("ecs").describe_task_definition(taskDefinition=yard.outputs["Once"])["taskDefinition"]
    (once,) = described["containerDefinitions"]
    container = {
        "name": "late",
        "image": IMAGE,
        "command": ["sh", "-c", SCRIPT],
        "healthCheck": CHECK,
        "stopTimeout": 2,
    }
    definition = yard.client("ecs").register_task_definition(
        family="late",
        cpu="256",
        memory="512",
        networkMode="awsvpc",
        taskRoleArn=described["taskRoleArn"],
        volumes=described["volumes"],
        containerDefinitions=[{**container, "mountPoints": once["mountPoints"]}],
    )["taskDefinition"]["taskDefinitionArn"]
    service = yard.serve(definition, serviceName="late")
    assert yard.rollout(service) == "IN_PROGRESS"
    yard.until(lambda: [task["lastStatus"] for task in yard.tasks(service)] == ["RUNNING"])
    time.sleep(UNCORRECTED_SECONDS)
    assert yard.rollout(service) == "IN_PROGRESS"
    yard.run("touch", "/opt/shelf/go")
    yard.until(lambda: yard.rollout(service) == "COMPLETED")
    yard.dismiss(service)


def test_a_service_moves_into_other_subnets_by_a_new_deployment(yard: Yard) -> None:
    """Its tasks stand in one of them; the same subnets again change nothing."""
    ecs, where = yard.client("ecs"), {"cluster": yard.outputs["Cluster"]}
    service = yard.serve(yard.bare_definition("moving", "sleep", "600"), serviceName="moving")
    yard.until(lambda: yard.rollout(service) == "COMPLETED")
    (before,) = _subnets(yard, service)
    placed = yard.placed["networkConfiguration"]["awsvpcConfiguration"]
    elsewhere = {**placed, "subnets": [one for one in placed["subnets"] if one != before]}
    moves = []
    for _ in range(2):
        ecs.update_service(**where, service=service, networkConfiguration={"awsvpcConfiguration": elsewhere})
        yard.until(lambda: yard.rollout(service) == "COMPLETED" and len(_subnets(yard, service)) == 1)
        moves.append(ecs.describe_services(**where, services=[service])["services"][0]["deployments"][0]["id"])
    assert _subnets(yard, service) == elsewhere["subnets"]
    assert moves[0] == moves[1]
    yard.dismiss(service)


def _subnets(yard: Yard, service: str) -> list[str]:
    """Return the subnet of each running task of a service."""
    details = [one["attachments"][0]["details"] for one in yard.tasks(service) if one["lastStatus"] == "RUNNING"]
    return [entry["value"] for one in details for entry in one if entry["name"] == "subnetId"]
