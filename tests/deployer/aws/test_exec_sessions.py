"""Sessions into containers through the real clients, answered by hand."""

import json
from typing import Any

from botocore.stub import Stubber

from deployer.aws.exec_sessions import ExecSessions, ExecTarget
from tests.deployer.aws.stub import stubbed

TASK = "arn:aws:ecs:us-west-2:123456789012:task/cluster/0123abcd"
EXEC_TARGET = ExecTarget(
    cluster="cluster", task=TASK, container="airflow", runtime_id="0123abcd-527", address="10.0.0.7", agent="RUNNING"
)
ANSWER = {"SessionId": "s-1", "TokenValue": "very-secret", "StreamUrl": "wss://ssmmessages"}


def _sessions() -> tuple[ExecSessions, Stubber, Stubber]:
    (ecs, of_ecs), (ssm, of_ssm) = stubbed("ecs"), stubbed("ssm")
    return ExecSessions(ecs, ssm), of_ecs, of_ssm


def _task(status: str = "RUNNING", **container: Any) -> dict[str, Any]:
    details = [{"name": "subnetId", "value": "s"}, {"name": "privateIPv4Address", "value": "10.0.0.7"}]
    return {
        "taskArn": TASK,
        "lastStatus": status,
        "containers": [{"name": "sidecar"}, {"name": "airflow", "runtimeId": "0123abcd-527", **container}],
        "attachments": [{"details": details}],
    }


def test_only_running_containers_are_exec_targets() -> None:
    """With the state of their agents and their addresses; a task that still starts is none."""
    sessions, ecs, _ = _sessions()
    agents = [{"name": "ExecuteCommandAgent", "lastStatus": "RUNNING"}]
    tasks = [_task(managedAgents=agents), _task("PENDING"), _task()]
    ecs.add_response("describe_tasks", {"tasks": tasks}, {"cluster": "cluster", "tasks": [TASK]})
    found = sessions.exec_targets("cluster", (TASK,), "airflow")
    assert [exec_target.agent for exec_target in found] == ["RUNNING", ""]
    assert found[0] == EXEC_TARGET
    assert found[0].target == "ecs:cluster_0123abcd_0123abcd-527"


def test_a_cluster_without_tasks_needs_no_second_call() -> None:
    """ECS refuses an empty list of tasks."""
    sessions, _, _ = _sessions()
    assert sessions.exec_targets("cluster", (), "airflow") == ()


def test_a_port_behind_a_container() -> None:
    """The document for another host, with every parameter in a list; the token shows in no repr."""
    sessions, _, ssm = _sessions()
    wanted = {
        "Target": EXEC_TARGET.target,
        "DocumentName": "AWS-StartPortForwardingSessionToRemoteHost",
        "Parameters": {"host": ["db.internal"], "portNumber": ["5432"], "localPortNumber": ["15432"]},
    }
    ssm.add_response("start_session", ANSWER, wanted)
    opened = sessions.forward(EXEC_TARGET, ("db.internal", 5432), 15432)
    assert opened.id == "s-1"
    assert opened.request == wanted
    assert opened.endpoint == "https://ssm.us-west-2.amazonaws.com"
    assert json.loads(opened.answer) == ANSWER
    assert "very-secret" not in repr(opened)


def test_a_port_of_the_container_itself() -> None:
    """By the document that knows no other host."""
    sessions, _, ssm = _sessions()
    ssm.add_response("start_session", ANSWER)
    assert sessions.forward(EXEC_TARGET, (None, 8080), 8081).request == {
        "Target": EXEC_TARGET.target,
        "DocumentName": "AWS-StartPortForwardingSession",
        "Parameters": {"portNumber": ["8080"], "localPortNumber": ["8081"]},
    }


def test_a_command_in_a_container() -> None:
    """Interactive, the only kind there is; ECS spells the session in its own way."""
    sessions, ecs, _ = _sessions()
    answer = {"sessionId": "s-1", "tokenValue": "very-secret", "streamUrl": "wss://ssmmessages"}
    wanted = {"cluster": "cluster", "task": TASK, "container": "airflow", "command": "bash", "interactive": True}
    ecs.add_response("execute_command", {"session": answer}, wanted)
    opened = sessions.command(EXEC_TARGET, "bash")
    assert json.loads(opened.answer) == ANSWER
    assert opened.request == {"Target": EXEC_TARGET.target}


def test_a_session_is_ended() -> None:
    """By its id."""
    sessions, _, ssm = _sessions()
    ssm.add_response("terminate_session", {"SessionId": "s-1"}, {"SessionId": "s-1"})
    sessions.end("s-1")
    ssm.assert_no_pending_responses()
