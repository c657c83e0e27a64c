"""Several tasks of each process outlive a zone: the page stays, Airflow tasks go on, and none is lost or runs twice."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

import pytest
import requests

from acceptance.airflow.clients import client_of_first_user
from acceptance.sessions import directory_of
from cli.terminal.cache_dir import cache_root
from rehearsal.clients.airflow_client import AirflowClientFailure
from rehearsal.emulator.rules.zone_outages import Outage, put_outage
from spec.reading.load import load
from tests.life import availability
from tests.life.availability import Outcome, Visitors
from tests.life.kept import Kept, keep
from tests.life.waiting import until

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

DAG, ENDED = "lanes", "the step has ended"
ZONES = {"of the standby": "eu-central-1b", "of the database": "eu-central-1a"}
"""An instance stands in the first of its subnets, until its standby takes over."""
ENDED_RUNS = frozenset({"success", "failed"})
OUTAGE_SECONDS = 900.0
LATE_SECONDS = 60.0
"""Airflow sends lines to CloudWatch Logs at least this often."""
NOTICED_AFTER = 120.0
"""The longest that RDS names for a failover."""
MOST_SILENCE = {"of the standby": 10.0, "of the database": NOTICED_AFTER + 90.0}
"""How long nobody may get a page, by what stands in the zone; in seconds."""
TASKS = 2
"""Of each process, by the YAML."""


class Site:
    """A kept environment with two tasks of each process."""

    def __init__(self, kept: Kept) -> None:
        self.kept, self.env = kept, load(kept.environment)
        self.directory = directory_of(cache_root(os.environ), self.env.name, kept=True)
        stacks = kept.client("cloudformation").describe_stacks(StackName=self.env.name)["Stacks"]
        outputs = {entry["OutputKey"]: entry["OutputValue"] for entry in stacks[0]["Outputs"]}
        self.services = [value for name, value in outputs.items() if name.endswith("Service")]
        self.cluster, self.ecs = outputs["ClusterName"], kept.client("ecs")
        self.client = client_of_first_user(self.env, kept.web_url, kept.admin_password())

    def health_url(self) -> str:
        """Return where Airflow says how it is; to say so, it asks its database."""
        return f"{self.kept.site_url}{self.env.airflow.release.web.health_path}"

    def running(self, service: str) -> list[dict[str, Any]]:
        """Return the running tasks of a service."""
        arns = self.ecs.list_tasks(cluster=self.cluster, serviceName=service)["taskArns"]
        tasks = self.ecs.describe_tasks(cluster=self.cluster, tasks=arns)["tasks"] if arns else []
        return [task for task in tasks if task["lastStatus"] == "RUNNING"]

    def zones(self, service: str) -> list[str]:
        """Return the zone of each of them."""
        return [task["availabilityZone"] for task in self.running(service)]

    def spread(self) -> None:
        """Let each service have a task in both zones, as ECS balances them by itself after an outage."""
        for service in self.services:
            until(partial(self._is_whole, service))
            first, second = self.running(service)
            until(lambda: self._healthy_targets() == TASKS)
            if first["availabilityZone"] == second["availabilityZone"]:
                self.ecs.stop_task(cluster=self.cluster, task=first["taskArn"], reason="balanced")
        until(lambda: all(len(set(self.zones(service))) == TASKS for service in self.services))
        until(lambda: self._healthy_targets() == TASKS)

    def _healthy_targets(self) -> int:
        elbv2 = self.kept.client("elbv2")
        groups = elbv2.describe_target_groups()["TargetGroups"]
        targets = elbv2.describe_target_health(TargetGroupArn=groups[0]["TargetGroupArn"])["TargetHealthDescriptions"]
        return sum(one["TargetHealth"]["State"] == "healthy" for one in targets)

    def _is_whole(self, service: str) -> bool:
        return len(self.running(service)) == TASKS

    def addresses(self, zone: str) -> set[str]:
        """Return the addresses of the tasks in a zone, as they stand in their host names."""
        tasks = (task for service in self.services for task in self.running(service))
        there = (task["attachments"][0]["details"] for task in tasks if task["availabilityZone"] == zone)
        return {one["value"].replace(".", "-") for details in there for one in details if "Address" in one["name"]}

    def start_in(self, zone: str) -> str:
        """Trigger runs until one has a task in a zone: any scheduler may take those that are due at once."""
        self.client.unpause(DAG)
        run = self.client.trigger(DAG)
        while not self.works_in(zone, run):
            if self.state(run) in ENDED_RUNS:
                run = self.client.trigger(DAG)
            time.sleep(0.2)
        return run

    def works_in(self, zone: str, run: str) -> bool:
        """Whether an Airflow task runs in a zone."""
        hosts = [str(task.get("hostname")) for task in self.client.tasks(DAG, run) if task["state"] == "running"]
        addresses = self.addresses(zone)
        return any(address in host or address.replace("-", ".") in host for host in hosts for address in addresses)

    def state(self, run: str) -> str:
        """Return the state of a run; while a zone fails, some requests do."""
        try:
            return self.client.run_state(DAG, run)
        except AirflowClientFailure:
            return "unknown"

    def endings(self, run: str, tries: Mapping[str, int]) -> dict[str, int]:
        """Return how often each Airflow task ended, once all log lines have arrived."""
        time.sleep(LATE_SECONDS)
        return {
            task: sum(self._log(run, task, attempt).count(ENDED) for attempt in range(1, last + 1))
            for task, last in tries.items()
        }

    def _log(self, run: str, task: str, attempt: int) -> str:
        """Return the log of a try; one that was queued and never began has none."""
        try:
            return self.client.task_log(DAG, run, task, attempt=attempt)
        except AirflowClientFailure as failure:
            if failure.status != HTTPStatus.NOT_FOUND:
                raise
            return ""


@pytest.fixture(scope="module", params=["several-3.3", "several-2.11"])
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """Keep an environment; take it down at the end, with nothing left."""
    kept = keep(f"tests/life/{request.param}.yaml", "--dag", "tutorial_taskflow_api")
    one = Site(kept)
    yield one
    put_outage(one.directory, Outage())
    done = kept.run("teardown", str(kept.environment), "--yes")
    assert done.returncode == 0, done.stderr
    assert "Nothing kept." in done.stdout


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Callable[[Outcome], None]:
    """Return what writes an outcome on the page of those that have been seen, with --regold alone."""
    return _note if request.config.getoption("--regold") else print


@pytest.mark.parametrize("which", ZONES)
def test_a_zone_fails_and_nothing_is_lost(site: Site, which: str, note: Callable[[Outcome], None]) -> None:
    """Each Airflow task runs to its end once, those of the zone as a further try, and the page comes back by itself."""
    zone = ZONES[which]
    site.spread()
    run = site.start_in(zone)
    with Visitors(site.health_url(), _is_page) as visitors:
        began = time.monotonic()
        put_outage(site.directory, Outage((zone,), NOTICED_AFTER))
        until(lambda: all(zone not in (there := site.zones(one)) and len(there) == TASKS for one in site.services))
        whole = time.monotonic() - began
        until(lambda: site.state(run) in ENDED_RUNS, OUTAGE_SECONDS)
        ended = time.monotonic() - began
    tries = site.client.tries(DAG, run)
    endings = site.endings(run, tries)
    put_outage(site.directory, Outage())
    outcome = Outcome(
        release=site.env.airflow.version,
        zone=which,
        without_page=visitors.without_page,
        silence=visitors.longest_silence,
        failed=visitors.failed_share,
        failing=visitors.failing,
        whole=whole,
        run=ended,
        tasks=len(endings),
        again=sum(last - 1 for last in tries.values()),
        lost=sum(not times for times in endings.values()),
        doubled=sum(times > 1 for times in endings.values()),
    )
    note(outcome)
    assert site.state(run) == "success"
    assert set(endings.values()) == {1}, endings
    assert outcome.again > 0
    assert outcome.silence < MOST_SILENCE[which]


def _note(outcome: Outcome) -> None:
    availability.note(outcome, NOTICED_AFTER)


def _is_page(answer: requests.Response) -> bool:
    """Whether Airflow answered, and had its database."""
    return answer.ok and bool(answer.json()["metadatabase"]["status"] == "healthy")
