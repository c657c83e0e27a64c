"""Tasks and databases in an availability zone that does not answer: AWS notices later, and starts others elsewhere.

AWS names no time after which it does; the outage does. Sources:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html, and for databases
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

import os
import signal
from collections.abc import Collection, Iterator

from ministack.services import ecs, rds

from rehearsal.emulator.containers.engine import Engine
from rehearsal.emulator.containers.memory_limit import tree
from rehearsal.emulator.patches.databases import Databases
from rehearsal.emulator.patches.task_placement import placement_of, zone_of
from rehearsal.emulator.patches.tasks import SCHEDULER, Task, Tasks
from rehearsal.emulator.patches.vpc import subnets_of_database
from rehearsal.emulator.rules.zone_outages import Outage, current_outage

REASON = "The availability zone of the task does not answer."


class ZoneOutages:
    """Stops what stands in a zone that does not answer."""

    def __init__(self, engine: Engine, tasks: Tasks, databases: Databases) -> None:
        self._engine = engine
        self._tasks = tasks
        self._databases = databases
        self._failed_over: set[tuple[str, float]] = set()

    def reconcile(self) -> None:
        """Stop the processes of each such task, and the task once ECS notices; call often, within a request scope."""
        outage = current_outage(self._engine.settings.path)
        if outage.is_noticed:
            self._fail_over(outage)
        for task in self._tasks_in(outage.zones):
            identity = task["taskArn"].rsplit("/", 1)[1]
            if not outage.is_noticed:
                self._freeze(identity)
                continue
            self._tasks.begin_stop(task, REASON, SCHEDULER)
            for container in self._engine.of_task(identity):
                container.kill()

    def _fail_over(self, outage: Outage) -> None:
        for identifier, instance in list(rds._instances.items()):
            subnets = subnets_of_database(instance)
            there = bool(subnets) and zone_of(subnets[0]) in outage.zones
            if there and instance.get("MultiAZ") and (identifier, outage.began) not in self._failed_over:
                self._failed_over.add((identifier, outage.began))
                self._databases.fail_over(identifier)

    def _tasks_in(self, zones: Collection[str]) -> Iterator[Task]:
        for task in list(ecs._tasks.values()):
            placement = placement_of(task)
            if placement and task["lastStatus"] != "STOPPED" and zone_of(placement.subnet) in zones:
                yield task

    def _freeze(self, identity: str) -> None:
        for container in self._engine.of_task(identity):
            for process in tree(container.pid):
                try:
                    os.kill(process, signal.SIGSTOP)
                except ProcessLookupError:
                    continue
