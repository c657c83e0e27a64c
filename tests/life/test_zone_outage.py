"""Several tasks of each process outlive a zone: the page stays, Airflow tasks go on, and none is lost or runs twice."""

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
import requests

from acceptance.airflow.clients import client_of_first_user
from acceptance.sessions import directory_of
from cli.terminal.cache_dir import cache_root
from rehearsal.clients.airflow_client import AirflowClient, AirflowClientFailure
from rehearsal.emulator.rules.zone_outages import Outage, put_outage
from spec.reading.load import load
from tests.life.kept import Kept, keep
from tests.life.waiting import until

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

DAG, BEGAN, ENDED = "lanes", "the step begins", "the step has ended"
OUTAGE_SECONDS = 900.0
PAGE_SECONDS = 40.0
"""Two failed checks of the load balancer, ten seconds apart, each after five; a slow machine takes longer."""


@dataclass(kw_only=True)
class Visitor:
    """Somebody who asks for the page twice a second; what they saw."""

    url: str
    answered: list[float] = field(default_factory=list)
    failed: int = 0
    gone: threading.Event = field(default_factory=threading.Event)

    def visit(self) -> None:
        """Ask until they go."""
        self.answered.append(time.monotonic())
        while not self.gone.wait(0.5):
            try:
                answer = requests.get(self.url, timeout=15)
            except requests.RequestException:
                self.failed += 1
                continue
            if answer.status_code < requests.codes.server_error:
                self.answered.append(time.monotonic())
            else:
                self.failed += 1

    @property
    def longest(self) -> float:
        """The longest time between two pages that they saw, in seconds."""
        times = [*self.answered, time.monotonic()]
        return max(after - before for before, after in pairwise(times))


@dataclass
class Site:
    """A kept environment with two tasks of each process."""

    kept: Kept

    def __post_init__(self) -> None:
        self.env = load(self.kept.environment)
        self.directory = directory_of(cache_root(os.environ), self.env.name, kept=True)
        stacks = self.kept.client("cloudformation").describe_stacks(StackName=self.env.name)["Stacks"]
        self.outputs = {entry["OutputKey"]: entry["OutputValue"] for entry in stacks[0]["Outputs"]}
        self.ecs: Any = self.kept.client("ecs")
        self.client: AirflowClient = client_of_first_user(self.env, self.kept.web_url, self.kept.admin_password())

    def zones(self, service: str) -> list[str]:
        """Return the zones of the running tasks of a service."""
        cluster = self.outputs["ClusterName"]
        arns = self.ecs.list_tasks(cluster=cluster, serviceName=self.outputs[service])["taskArns"]
        tasks = self.ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"] if arns else []
        return [task["availabilityZone"] for task in tasks if task["lastStatus"] == "RUNNING"]

    def state(self, run: str) -> str:
        """Return the state of the run; while the zone fails, some requests do."""
        try:
            return self.client.run_state(DAG, run)
        except (AirflowClientFailure, requests.RequestException):
            return "unknown"

    def logs(self, run: str) -> dict[str, list[str]]:
        """Return the log of each attempt of each Airflow task."""
        tries = self.client.tries(DAG, run)
        return {
            task: [self.client.task_log(DAG, run, task, attempt=attempt) for attempt in range(1, last + 1)]
            for task, last in tries.items()
        }


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


def test_a_zone_fails_and_nothing_is_lost(site: Site) -> None:
    """Neither the page nor a task; each runs to its end once, some of them as a further try."""
    services = [name for name in site.outputs if name.endswith("Service")]
    for service in services:
        assert len(set(site.zones(service))) == 2, service
    site.client.unpause(DAG)
    run = site.client.trigger(DAG)
    until(lambda: sum(task["state"] == "running" for task in site.client.tasks(DAG, run)) >= 4)
    zone, outage = max(site.zones("SchedulerService")), Outage()
    visitor = Visitor(url=f"{site.kept.site_url}{site.env.airflow.release.web.health_path}")
    watching = threading.Thread(target=visitor.visit, daemon=True)
    watching.start()

    put_outage(site.directory, Outage((zone,), outage.noticed_after))
    until(lambda: site.state(run) in {"success", "failed"}, OUTAGE_SECONDS)
    until(lambda: all(site.zones(service).count(zone) == 0 for service in services), OUTAGE_SECONDS)
    until(lambda: all(len(site.zones(service)) == 2 for service in services), OUTAGE_SECONDS)
    visitor.gone.set()
    watching.join(30)

    logs = site.logs(run)
    ends = [sum(ENDED in log for log in attempts) for attempts in logs.values()]
    again = sum(max(sum(BEGAN in log for log in attempts) - 1, 0) for attempts in logs.values())
    row = (
        site.env.airflow.version,
        zone,
        f"{visitor.longest:.0f} s",
        visitor.failed,
        again,
        ends.count(0),
        sum(n > 1 for n in ends),
    )
    print(row)  # noqa: T201  the figures of this run
    assert site.state(run) == "success"
    assert set(ends) == {1}
    assert visitor.longest < PAGE_SECONDS
