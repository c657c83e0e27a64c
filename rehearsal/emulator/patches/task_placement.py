"""Tasks stand in subnets: those of a service are spread over the availability zones, one by one.

MiniStack puts all tasks of a call into one subnet, and says that every task is in the first zone of the region. Source:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

import itertools
import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ministack.services import ec2, ecs

from rehearsal.emulator.networking.interfaces import Placement
from rehearsal.emulator.patches.rebinding import rebind, rebind_action
from rehearsal.emulator.rules.zone_outages import current_outage

STARTING = ("RunTask", "CreateService")
NO_NETWORK = "Network Configuration must be provided when networkMode 'awsvpc' is specified."
ENDED = frozenset({"DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED"})

Request = Mapping[str, Any]


class PlacedSubnet(str):
    """The subnet of a task, which MiniStack keeps, and the rest of its placement, which MiniStack would drop."""

    __slots__ = ("placement",)
    placement: Placement


class TaskPlacement:
    """Chooses the subnet of each task, in a zone that answers."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._turns = itertools.count()

    def apply(self) -> None:
        """Place tasks one by one, and refuse those without a network."""
        rebind(ecs, "_requested_subnet", lambda _: self._requested_subnet, takes="data")
        rebind(ecs, "_run_task", _one_by_one, takes="data")
        rebind_action(ecs, "RunTask", _one_by_one)
        for action in STARTING:
            rebind_action(ecs, action, _with_network)

    def _requested_subnet(self, data: Request) -> PlacedSubnet | None:
        """Return the subnet of a new task: in the zone with the fewest tasks of its service, by turns among equals."""
        wanted = (data.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
        subnets = wanted.get("subnets") or ()
        if not subnets:
            return None
        silent, there = current_outage(self._directory).zones, _zones_of(data)
        answering = [one for one in subnets if zone_of(one) not in silent] or list(subnets)
        first = next(self._turns)
        turns = [answering[(first + step) % len(answering)] for step in range(len(answering))]
        subnet = PlacedSubnet(min(turns, key=lambda one: there[zone_of(one)]))
        groups = tuple(wanted.get("securityGroups") or default_groups(subnet))
        public = wanted.get("assignPublicIp") == "ENABLED"
        subnet.placement = Placement(subnet=str(subnet), groups=groups, public=public)
        return subnet


def placement_of(task: Mapping[str, Any]) -> Placement | None:
    """Return the placement of a task; None when it has none of its own."""
    subnet = task.get("_subnet")
    return subnet.placement if isinstance(subnet, PlacedSubnet) else None


def zone_of(subnet: str) -> str:
    """Return the availability zone of a subnet, such as `eu-central-1a`."""
    return str((ec2._subnets.get(subnet) or {}).get("AvailabilityZone", ""))


def default_groups(subnet: str) -> tuple[str, ...]:
    """Return the security group that an interface in a subnet has where nobody names another."""
    vpc = (ec2._subnets.get(subnet) or {}).get("VpcId")
    groups = list(ec2._security_groups.values())
    return tuple(one["GroupId"] for one in groups if one["VpcId"] == vpc and one["GroupName"] == "default")


def _zones_of(data: Request) -> Counter[str]:
    """Count the tasks of the service that a new task is for by their zones; nothing for a task of none."""
    group = str(data.get("group", ""))
    if not group.startswith("service:"):
        return Counter()
    cluster = ecs._resolve_cluster_name(data.get("cluster", "default"))
    tasks = [task for task in list(ecs._tasks.values()) if task.get("group") == group]
    placed = [
        placement_of(task)
        for task in tasks
        if task["clusterArn"].endswith(f"/{cluster}") and task["lastStatus"] not in ENDED
    ]
    return Counter(zone_of(one.subnet) for one in placed if one)


def _one_by_one(run: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """Start the tasks of a call one after the other, each in a subnet of its own, with the zone of that."""

    def run_task(data: dict[str, Any]) -> Any:
        tasks, failures = [], []
        for _ in range(int(data.get("count") or 1)):
            status, headers, body = run({**data, "count": 1})
            answered = json.loads(body)
            if "tasks" not in answered:
                return status, headers, body
            for task in answered["tasks"]:
                record = ecs._tasks[task["taskArn"]]
                placement = placement_of(record)
                if placement:
                    record["availabilityZone"] = task["availabilityZone"] = zone_of(placement.subnet)
            tasks += answered["tasks"]
            failures += answered.get("failures", [])
        return ecs.json_response({"tasks": tasks, "failures": failures})

    return run_task


def _with_network(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse tasks without a placement, as ECS does where each has an interface of its own."""

    def start(request: Request) -> Any:
        definition = ecs._task_defs.get(ecs._resolve_td_key(request.get("taskDefinition", ""))) or {}
        if definition.get("networkMode") == "awsvpc" and not request.get("networkConfiguration"):
            return ecs.error_response_json("InvalidParameterException", NO_NETWORK, 400)
        return answer(request)

    return start
