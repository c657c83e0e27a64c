"""The agent of ECS Exec runs in a task that asks for it, if the role of the task and its network let it.

Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html for rights and network,
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec-troubleshooting.html for the words, and
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ManagedAgent.html for the description.
"""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Callable
from typing import Any

from ministack.services import ecs

from rehearsal.emulator.iam.access import Access
from rehearsal.emulator.iam.requirements import Requirement
from rehearsal.emulator.patches.rebinding import rebind_action
from rehearsal.emulator.patches.task_permissions import role_of
from rehearsal.emulator.patches.task_placement import placement_of
from rehearsal.emulator.patches.vpc import Vpc

AGENT = "ExecuteCommandAgent"
SERVICE = "ssmmessages"
ACTIONS = tuple(f"{SERVICE}:{verb}{channel}Channel" for channel in ("Control", "Data") for verb in ("Create", "Open"))
NOT_RUNNING = (
    "The execute command failed because execute command was not enabled when the task was run or the execute command "
    "agent isn't running. Wait and try again or run a new task with execute command enabled and try again."
)

Answering = Callable[[dict[str, Any]], Any]
Task = dict[str, Any]
"""MiniStack's record of a task."""


class ExecAgents:
    """Decides once for each task whether its agents run, when somebody first looks at it."""

    def __init__(self, access: Access, vpc: Vpc) -> None:
        self._access = access
        self._vpc = vpc

    def apply(self) -> None:
        """Let DescribeTasks show the agents, and ExecuteCommand need one."""
        rebind_action(ecs, "DescribeTasks", self._describing)
        rebind_action(ecs, "ExecuteCommand", self._executing)

    def _describing(self, describe: Answering) -> Answering:
        def describe_with_agents(request: dict[str, Any]) -> Any:
            self._start_agents()
            return describe(request)

        return describe_with_agents

    def _executing(self, execute: Answering) -> Answering:
        def execute_by_agent(request: dict[str, Any]) -> Any:
            self._start_agents()
            cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
            task = ecs._resolve_task(request.get("task", ""), cluster) if cluster else None
            if task and not _has_agent(task, request.get("container", "")):
                return ecs.error_response_json("InvalidParameterException", NOT_RUNNING, 400)
            return execute(request)

        return execute_by_agent

    def _start_agents(self) -> None:
        for task in list(ecs._tasks.values()):
            if task.get("enableExecuteCommand") and task["lastStatus"] == "RUNNING":
                self._start_agent(task)

    def _start_agent(self, task: Task) -> None:
        waiting = [one for one in task["containers"] if "managedAgents" not in one]
        if not waiting:
            return
        status = "RUNNING" if self._is_permitted(task) and self._is_connected(task) else "STOPPED"
        for container in waiting:
            container["managedAgents"] = [{"name": AGENT, "lastStatus": status, "lastStartedAt": ecs._iso()}]

    def _is_permitted(self, task: Task) -> bool:
        definition = ecs._task_defs.get(ecs._resolve_td_key(task.get("taskDefinitionArn", ""))) or {}
        role = role_of(task, definition, "taskRoleArn")
        session = task["taskArn"].rpartition("/")[2]
        principal = self._access.principals.of_role(role, session) if role else None
        return principal is not None and all(
            self._access.decisions.allows(principal, Requirement(action=action)) for action in ACTIONS
        )

    def _is_connected(self, task: Task) -> bool:
        placement = placement_of(task)
        return placement is None or not self._vpc.view().obstacle_to_service(placement, SERVICE)


def _has_agent(task: Task, container: str) -> bool:
    """Whether an agent runs in a container of a task; without a name it is the first."""
    named = [one for one in task["containers"] if container in {"", one["name"]}]
    agents = named[0].get("managedAgents", ()) if named else ()
    return any(agent["lastStatus"] == "RUNNING" for agent in agents)
