"""A kept rehearsal whose containers and database keep the time of its schedules, which a test sets forward."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from cli.terminal.cache_dir import cache_root
from compiler.contract import ALARM, DATABASE, DATABASE_NAME, schedule_name
from deployer.lifetime.asleep import ASLEEP
from rehearsal.clients.postgres_dump import Instance, find_programs
from rehearsal.emulator.rules import fake_clock
from rehearsal.images.emulator_image import emulator_environment
from tests.life.enforcement.deployed import Deployed
from tests.life.turned.airflow import Airflow
from tests.life.turned.library import build_library
from tests.life.waiting import until

ON_DATABASE, OFF_DATABASE = f"{DATABASE}-on", f"{DATABASE}-off"


@dataclass(frozen=True)
class TurnedSite:
    """What a test sees of it, and the clock."""

    deployed: Deployed

    @property
    def now(self) -> datetime:
        """What time it is there."""
        return datetime.fromtimestamp(fake_clock.now(self.directory), UTC)

    def turn(self, moment: datetime) -> None:
        """Set the clock forward to a moment; do nothing where it is past."""
        if moment > self.now:
            fake_clock.set_to(self.directory, moment.timestamp())

    def begin(self, moment: datetime) -> None:
        """Stop everything, and start it at another time, which containers and database keep from now on."""
        rds, name = self._clients["rds"], self._database["DBInstanceIdentifier"]
        self._scale(0)
        until(lambda: not self.has_services)
        rds.stop_db_instance(DBInstanceIdentifier=name)
        until(lambda: self._database["DBInstanceStatus"] == "stopped")
        build_library(self.directory)
        fake_clock.set_to(self.directory, moment.timestamp())
        rds.start_db_instance(DBInstanceIdentifier=name)
        until(lambda: self.database_runs)
        self._scale(1)

    @cached_property
    def airflow(self) -> Airflow:
        """What its database says."""
        login = json.loads(
            self._clients["secretsmanager"].get_secret_value(SecretId=self._ids["DatabaseCredentials"])["SecretString"]
        )
        instance = Instance(
            socket=self.directory / "rds" / self._database["DBInstanceIdentifier"] / "socket",
            programs=find_programs(emulator_environment(cache_root(os.environ) / "environments")),
            user=login["username"],
            password=login["password"],
            database=DATABASE_NAME,
        )
        return Airflow(instance, "data_interval_end" if self.has_intervals else "run_after")

    @property
    def has_intervals(self) -> bool:
        """Whether cron means intervals to its Airflow."""
        return self.deployed.env.airflow.version.startswith("2.")

    def push(self) -> str:
        """Push the code as it is now, and return what that says."""
        environment = self.deployed.kept.environment
        pushed = self.deployed.kept.run("push", environment.name, "--yes", checkout=environment.parent)
        assert pushed.returncode == 0, pushed.stderr
        return pushed.stderr

    @property
    def directory(self) -> Path:
        """The directory of the embedded AWS."""
        return self.deployed.emulator.directory

    @property
    def is_at_rest(self) -> bool:
        """Whether no service runs and the database has stopped."""
        return not self.has_services and self._database["DBInstanceStatus"] == "stopped"

    @property
    def has_services(self) -> bool:
        """Whether a service is to run, or one of its tasks has not ended."""
        wanted = any(service["desiredCount"] for service in self._services())
        return wanted or any(task["lastStatus"] != "STOPPED" for task in self._tasks("RUNNING", "STOPPED"))

    @property
    def is_healthy(self) -> bool:
        """Whether each service has as many tasks as it wants, and all of them are healthy."""
        wanted = sum(service["desiredCount"] for service in self._services())
        return [task["healthStatus"] for task in self._tasks("RUNNING")] == ["HEALTHY"] * wanted

    @property
    def wants_services(self) -> bool:
        """Whether all services were started."""
        return all(service["desiredCount"] for service in self._services())

    @property
    def database_runs(self) -> bool:
        """Whether the database takes connections."""
        return bool(self._database["DBInstanceStatus"] == "available")

    @property
    def said(self) -> str:
        """What the alarm says: why it is awake, or until when it sleeps."""
        return str(self._schedule(ALARM)["Description"])

    @property
    def has_arranged(self) -> bool:
        """Whether all is arranged for a sleep, the last stop too."""
        return all(self._schedule(name)["Description"].startswith(ASLEEP) for name in (ALARM, OFF_DATABASE))

    def ring(self, name: str) -> datetime:
        """Return from when on a schedule that wakes rings."""
        start: datetime = self._schedule(name)["StartDate"]
        return start.astimezone(UTC)

    @cached_property
    def _clients(self) -> Mapping[str, Any]:
        return {name: self.deployed.kept.client(name) for name in ("ecs", "rds", "scheduler", "secretsmanager")}

    @cached_property
    def _ids(self) -> Mapping[str, str]:
        return self.deployed.ids

    @property
    def _database(self) -> dict[str, Any]:
        (found,) = self._clients["rds"].describe_db_instances()["DBInstances"]
        return dict(found)

    def _schedule(self, name: str) -> dict[str, Any]:
        return dict(self._clients["scheduler"].get_schedule(Name=schedule_name(self.deployed.env.name, name)))

    def _services(self) -> list[dict[str, Any]]:
        ecs, cluster = self._clients["ecs"], self._ids["Cluster"]
        names = ecs.list_services(cluster=cluster)["serviceArns"]
        return list(ecs.describe_services(cluster=cluster, services=names)["services"])

    def _tasks(self, *statuses: str) -> list[dict[str, Any]]:
        ecs, where = self._clients["ecs"], {"cluster": self._ids["Cluster"]}
        arns = [arn for status in statuses for arn in ecs.list_tasks(**where, desiredStatus=status)["taskArns"]]
        return list(ecs.describe_tasks(**where, tasks=arns)["tasks"]) if arns else []

    def _scale(self, count: int) -> None:
        for service in self._services():
            self._clients["ecs"].update_service(
                cluster=self._ids["Cluster"], service=service["serviceName"], desiredCount=count
            )
