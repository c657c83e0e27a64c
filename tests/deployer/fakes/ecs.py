"""An ECS cluster in memory."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from deployer.aws.ecs import Container, Service, Task
from deployer.aws.errors import AwsRefusal

_ACCOUNT = "123456789012"


@dataclass(kw_only=True)
class FakeEcs:
    """A cluster in memory. `exits` says with what the container of a task definition ends.

    Where it `restores`, a service whose count rises has its task back. Each task is missing from the first
    `unseen_looks` answers after its start: the API is eventually consistent.
    """

    running: dict[str, Service] = field(default_factory=dict)
    known: dict[str, Task] = field(default_factory=dict)
    definitions: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    exits: dict[str, int] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    runs: list[tuple[str, str]] = field(default_factory=list)
    redeployed: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    services_of: dict[str, str] = field(default_factory=dict)
    lasting: bool = False
    restores: bool = False
    unseen_looks: int = 1
    _unseen: dict[str, int] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)

    def services(self, _cluster: str, names: Sequence[str]) -> tuple[Service, ...]:
        """Mirror the real client."""
        return tuple(self.running[name] for name in names if name in self.running)

    def scale(self, _cluster: str, service: str, desired: int) -> None:
        """Mirror the real client; tasks end at once."""
        self.running[service] = replace(self.running[service], desired=desired, running=desired)
        for arn in [arn for arn in self.known if self.services_of.get(arn) == service]:
            self.known[arn] = replace(self.known[arn], status="RUNNING" if desired and self.restores else "STOPPED")

    def redeploy(self, _cluster: str, service: str) -> None:
        """Mirror the real client."""
        self.redeployed.append(service)

    def task_arns(self, _cluster: str, *, service: str | None = None, status: str = "RUNNING") -> tuple[str, ...]:
        """Mirror the real client."""
        return tuple(
            arn
            for arn, task in self.known.items()
            if (task.status == "STOPPED") == (status == "STOPPED")
            and (service is None or self.services_of.get(arn) == service)
        )

    def tasks(self, _cluster: str, arns: Sequence[str]) -> tuple[Task, ...]:
        """Mirror the real client."""
        return tuple(self.known[arn] for arn in arns if arn in self.known and not self._misses(arn))

    def run(self, cluster: str, task_definition: str, *, token: str, command: Any = None, **_network: Any) -> str:
        """Mirror the real client: the same token starts no second task; tasks end at once, unless they are lasting."""
        if self.refusals:
            raise AwsRefusal("ECS did not start the task.", code=self.refusals.pop(0))
        if token in self._tokens:
            return self._tokens[token]
        script = command[1][-1] if command else ""
        self.runs.append((task_definition, script))
        container = command[0] if command else "sync"
        arn = f"arn:aws:ecs:us-west-2:{_ACCOUNT}:task/{cluster}/{len(self.known)}"
        code = self.exits.get(task_definition, 0)
        status = "RUNNING" if self.lasting else "STOPPED"
        ended = Container(
            name=container, status=status, exit_code=None if self.lasting else code, reason="", health="UNKNOWN"
        )
        self.known[arn] = task(arn, task_definition, ended, status=status)
        self._tokens[token] = arn
        self._unseen[arn] = self.unseen_looks
        return arn

    def stop(self, _cluster: str, arn: str, _reason: str) -> None:
        """Mirror the real client; the task ends at once."""
        self.stopped.append(arn)
        self.known[arn] = replace(self.known[arn], status="STOPPED")

    def task_definition(self, name: str) -> Mapping[str, Any]:
        """Mirror the real client."""
        if name in self.definitions:
            return self.definitions[name]
        active = [found for arn, found in self.definitions.items() if arn not in self.retired]
        family = [found for found in active if found["family"] == name]
        if not family:
            raise AwsRefusal("no such task definition", code="ClientException")
        return family[-1]

    def register(self, definition: Mapping[str, Any]) -> str:
        """Mirror the real client."""
        arn = f"arn:aws:ecs:us-west-2:{_ACCOUNT}:task-definition/{definition['family']}:{len(self.definitions) + 1}"
        self.definitions[arn] = {**definition, "taskDefinitionArn": arn}
        return arn

    def retire(self, families: Collection[str], keep: Collection[str] = ()) -> None:
        """Mirror the real client."""
        kept = {*keep, *self.retired}
        self.retired += [arn for arn in self._revisions(families) if arn not in kept]

    def forget(self, families: Collection[str]) -> Mapping[str, int]:
        """Mirror the real client."""
        doomed = self._revisions(families)
        found = Counter(str(self.definitions.pop(arn)["family"]) for arn in doomed)
        self.forgotten += families
        return found

    def _revisions(self, families: Collection[str]) -> list[str]:
        return [arn for arn, found in self.definitions.items() if found["family"] in families]

    def _misses(self, arn: str) -> bool:
        left = self._unseen.get(arn, 0)
        self._unseen[arn] = max(left - 1, 0)
        return left > 0


def task(arn: str, definition: str, *containers: Container, status: str = "STOPPED", group: str = "") -> Task:
    """Return a task whose essential container has ended."""
    return Task(
        arn=arn,
        definition=definition,
        status=status,
        health="HEALTHY",
        stop_code="EssentialContainerExited",
        stopped_reason="Essential container exited",
        group=group,
        containers=containers,
    )
