"""Sessions that lead into running containers: a command by ECS Exec, a port by Systems Manager."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mypy_boto3_ecs import ECSClient
    from mypy_boto3_ssm import SSMClient

_TASKS_PER_CALL = 100
_AGENT = "ExecuteCommandAgent"
_TO_CONTAINER = "AWS-StartPortForwardingSession"
_TO_HOST = "AWS-StartPortForwardingSessionToRemoteHost"


@dataclass(frozen=True, kw_only=True)
class ExecTarget:
    """A running container as sessions find it: `agent` is the state of what answers in it, `address` its task's."""

    cluster: str
    task: str
    container: str
    runtime_id: str
    address: str
    agent: str

    @property
    def target(self) -> str:
        """What Systems Manager calls it."""
        return f"ecs:{self.cluster}_{self.task.rpartition('/')[2]}_{self.runtime_id}"


@dataclass(frozen=True, kw_only=True)
class OpenSession:
    """A session that waits for the one who opened it; `answer` holds its token and is shown nowhere."""

    id: str
    request: Mapping[str, Any]
    endpoint: str
    answer: str = field(repr=False)


@dataclass(frozen=True)
class ExecSessions:
    """ECS Exec and Systems Manager in one region."""

    ecs: ECSClient
    ssm: SSMClient

    def exec_targets(self, cluster: str, tasks: Sequence[str], container: str) -> tuple[ExecTarget, ...]:
        """Return the containers of this name in those of the tasks that run."""
        return tuple(
            ExecTarget(
                cluster=cluster,
                task=task["taskArn"],
                container=container,
                runtime_id=found.get("runtimeId", ""),
                address=_address(task),
                agent=next(
                    (agent["lastStatus"] for agent in found.get("managedAgents", []) if agent["name"] == _AGENT), ""
                ),
            )
            for task in self._tasks(cluster, tasks)
            for found in task.get("containers", [])
            if task["lastStatus"] == "RUNNING" and found.get("name") == container
        )

    def command(self, exec_target: ExecTarget, command: str) -> OpenSession:
        """Start a command in a container; it waits for a terminal."""
        answer = self.ecs.execute_command(
            cluster=exec_target.cluster,
            task=exec_target.task,
            container=exec_target.container,
            command=command,
            interactive=True,
        )["session"]
        return self._opened(
            {"Target": exec_target.target},
            {
                "SessionId": answer["sessionId"],
                "TokenValue": answer["tokenValue"],
                "StreamUrl": answer["streamUrl"],
            },
        )

    def forward(self, exec_target: ExecTarget, place: tuple[str | None, int], local_port: int) -> OpenSession:
        """Lead a local port to a port of the container itself or, with a host, to what it reaches there."""
        host, port = place
        parameters = {"portNumber": [str(port)], "localPortNumber": [str(local_port)]}
        request: dict[str, Any] = {
            "Target": exec_target.target,
            "DocumentName": _TO_HOST if host else _TO_CONTAINER,
            "Parameters": {**({"host": [host]} if host else {}), **parameters},
        }
        answer = self.ssm.start_session(**request)
        return self._opened(request, {key: answer[key] for key in ("SessionId", "TokenValue", "StreamUrl")})

    def end(self, session_id: str) -> None:
        """End a session on the side of AWS."""
        self.ssm.terminate_session(SessionId=session_id)

    def _opened(self, request: Mapping[str, Any], answer: Mapping[str, str]) -> OpenSession:
        return OpenSession(
            id=answer["SessionId"], request=request, endpoint=self.ssm.meta.endpoint_url, answer=json.dumps(answer)
        )

    def _tasks(self, cluster: str, tasks: Sequence[str]) -> Iterator[Any]:
        for start in range(0, len(tasks), _TASKS_PER_CALL):
            batch = list(tasks[start : start + _TASKS_PER_CALL])
            yield from self.ecs.describe_tasks(cluster=cluster, tasks=batch)["tasks"]


def _address(task: Any) -> str:
    details = [detail for attachment in task.get("attachments", []) for detail in attachment.get("details", [])]
    return next((detail["value"] for detail in details if detail.get("name") == "privateIPv4Address"), "")
