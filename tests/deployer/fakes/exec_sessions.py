"""Ways into containers in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from deployer.aws.exec_sessions import ExecTarget, OpenSession


@dataclass(kw_only=True)
class FakeExecSessions:
    """`agents` says, look after look, how the agent in each task is; tasks that are not named have no container."""

    agents: dict[str, list[str]] = field(default_factory=dict)
    commands: list[tuple[ExecTarget, str]] = field(default_factory=list)
    forwards: list[tuple[ExecTarget, tuple[str | None, int], int]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    def exec_targets(self, cluster: str, tasks: Sequence[str], container: str) -> tuple[ExecTarget, ...]:
        """Mirror the real client."""
        return tuple(
            ExecTarget(
                cluster=cluster,
                task=task,
                container=container,
                runtime_id="runtime",
                address="10.0.0.7",
                agent=self._agent(task),
            )
            for task in tasks
            if task in self.agents
        )

    def command(self, exec_target: ExecTarget, command: str) -> OpenSession:
        """Mirror the real client."""
        self.commands.append((exec_target, command))
        return OpenSession(
            id="s-1", request={"Target": exec_target.target}, endpoint="https://ssm.example", answer="{}"
        )

    def forward(self, exec_target: ExecTarget, place: tuple[str | None, int], local_port: int) -> OpenSession:
        """Mirror the real client."""
        self.forwards.append((exec_target, place, local_port))
        return OpenSession(
            id="s-2", request={"Target": exec_target.target}, endpoint="https://ssm.example", answer="{}"
        )

    def end(self, session_id: str) -> None:
        """Mirror the real client."""
        self.ended.append(session_id)

    def _agent(self, task: str) -> str:
        states = self.agents[task]
        return states.pop(0) if len(states) > 1 else states[0]
