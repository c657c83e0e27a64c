"""The promises of rehearsal/emulator/patches/exec_agents.py, in an emulator."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.emulator.iam.roles import TASKS, add_role, allow
from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
CHANNELS = allow("ssmmessages:*")


def running(yard: Yard, *statements: Any, name: str, enabled: bool = True, **placed: Any) -> dict[str, Any]:
    """Start a task with a role of these statements; return it when it runs."""
    ecs = yard.client("ecs")
    definition = yard.bare_definition(name, "sleep", "60")
    role = add_role(yard, name, *statements, trust=TASKS)
    (task,) = ecs.run_task(
        cluster=yard.outputs["Cluster"],
        taskDefinition=definition,
        launchType="FARGATE",
        enableExecuteCommand=enabled,
        overrides={"taskRoleArn": role},
        **(placed or yard.placed),
    )["tasks"]
    return yard.reached(task["taskArn"], "RUNNING")


def execute(yard: Yard, task: dict[str, Any]) -> Any:
    """Ask for a command in a task; end the task."""
    ecs, cluster = yard.client("ecs"), yard.outputs["Cluster"]
    try:
        return ecs.execute_command(cluster=cluster, task=task["taskArn"], command="true", interactive=True)
    finally:
        ecs.stop_task(cluster=cluster, task=task["taskArn"])


def test_the_agent_runs_where_the_role_may_open_channels(yard: Yard) -> None:
    """DescribeTasks shows it, and a session begins."""
    task = running(yard, CHANNELS, name="agent-may")
    (agent,) = task["containers"][0]["managedAgents"]
    assert (agent["name"], agent["lastStatus"]) == ("ExecuteCommandAgent", "RUNNING")
    assert execute(yard, task)["session"]["sessionId"]


def test_without_the_right_the_agent_stops(yard: Yard) -> None:
    """The task runs all the same, and nobody gets in."""
    task = running(yard, allow("s3:*"), name="agent-may-not")
    assert task["containers"][0]["managedAgents"][0]["lastStatus"] == "STOPPED"
    with pytest.raises(ClientError, match="agent isn't running"):
        execute(yard, task)


def test_a_task_that_does_not_ask_for_it_has_no_agent(yard: Yard) -> None:
    """ECS Exec is a choice of RunTask and of services."""
    task = running(yard, CHANNELS, name="agent-unasked", enabled=False)
    assert "managedAgents" not in task["containers"][0]
    with pytest.raises(ClientError, match="InvalidParameterException"):
        execute(yard, task)
