"""Whole lives with a Fargate task per Airflow task: workers die, starve, outlive a scheduler, and come in numbers."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cli.cache import cache_root
from cli.kept import directory_of
from rehearsal.emulator.calls import Fault, put_faults
from rehearsal.visitor import VisitFailure, Visitor, WebFacts
from spec.load import load
from tests.life.kept import Kept, keep, windsock

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

NEWEST = "tests/life/workers-3.3.yaml"
OLDER = ("tests/life/workers-2.11.yaml", "tests/life/workers-2.5.yaml")
RUN_SECONDS = 300.0


class Site:
    """A kept environment with workers, as a person sees it, and the account it stands in."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.env = load(kept.environment)
        web = self.env.airflow.release.web
        self.visitor = Visitor(kept.web_url, WebFacts(web.health_path, web.api_path, web.login, ""))
        self.visitor.login("airflow", kept.admin_password())
        stacks = kept.client("cloudformation").describe_stacks(StackName=self.env.name)["Stacks"]
        self.outputs = {entry["OutputKey"]: entry["OutputValue"] for entry in stacks[0]["Outputs"]}
        self.ecs: Any = kept.client("ecs")
        self.cluster = self.outputs["ClusterName"]

    def start(self, dag: str) -> str:
        """Unpause and trigger a DAG; its run."""
        until(lambda: self._unpaused(dag))
        return self.visitor.trigger(dag)

    def _unpaused(self, dag: str) -> bool:
        try:
            self.visitor.unpause(dag)
        except VisitFailure:
            return False
        return True

    def outcome(self, dag: str, run: str) -> str:
        """Wait for the end of a run; its state then."""
        until(lambda: self.visitor.run_state(dag, run) in {"success", "failed"})
        return self.visitor.run_state(dag, run)

    def workers(self, status: str, dag: str) -> list[dict[str, Any]]:
        """The workers of a DAG whose desired status this is."""
        arns = self.ecs.list_tasks(cluster=self.cluster, startedBy="airflow", desiredStatus=status)["taskArns"]
        tasks = self.ecs.describe_tasks(cluster=self.cluster, tasks=arns[:100])["tasks"] if arns else []
        return [task for task in tasks if f'"{dag}"' in " ".join(command(task)) or dag in command(task)]

    def running(self, dag: str) -> dict[str, Any]:
        """Wait for a running worker of a DAG."""
        until(lambda: any(task["lastStatus"] == "RUNNING" for task in self.workers("RUNNING", dag)))
        return self.workers("RUNNING", dag)[0]

    def log(self, dag: str, run: str, task: str, attempt: int = 1) -> str:
        """Wait until no worker of the DAG is left; the log of one attempt then."""
        until(lambda: not self.workers("RUNNING", dag))
        return self.visitor.task_log(dag, run, task, attempt=attempt)

    def restart_scheduler(self) -> None:
        """Stop the scheduler's task as a deployment does; its service starts another."""
        name = self.outputs["SchedulerService"]
        (task,) = self.ecs.list_tasks(cluster=self.cluster, serviceName=name)["taskArns"]
        self.ecs.stop_task(cluster=self.cluster, task=task, reason="a deployment")


def until(done: Callable[[], bool], limit: float = RUN_SECONDS) -> None:
    """Look until something is so."""
    end = time.monotonic() + limit
    while not done():
        assert time.monotonic() < end, f"not so within {limit:.0f} s"
        time.sleep(0.5)


def command(task: Mapping[str, Any]) -> list[str]:
    """What a worker was told to run."""
    return list(task["overrides"]["containerOverrides"][0]["command"])


def kill(task: str) -> None:
    """End all processes of a worker at once: they write to a file that bears its name."""
    name = task.rpartition("/")[2]
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and name in str((process / "fd" / "1").readlink()):
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:
            continue


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """The newest release with workers; every check of a rehearsal is behind it."""
    kept = keep(NEWEST, "--dag", "tutorial_taskflow_api")
    yield Site(kept)
    done = kept.run("teardown", str(kept.environment), "--yes")
    assert done.returncode == 0, done.stderr
    assert "Nothing kept." in done.stdout


def test_a_worker_has_no_secret_and_no_database(site: Site) -> None:
    """On 3.x a worker knows neither the database nor a key; its token stands in its command alone."""
    family = f"{site.env.name}-worker"
    definition = site.ecs.describe_task_definition(taskDefinition=family)["taskDefinition"]
    (container,) = definition["containerDefinitions"]

    assert not container.get("secrets")
    assert not [entry for entry in container["environment"] if entry["name"].startswith("DB_")]
    lines = site.kept.run("logs", str(site.kept.environment), "worker", "--since", "1h").stdout
    assert "Executing workload" in lines
    assert "eyJ" not in lines, "a token was logged"


def test_a_new_scheduler_adopts_what_runs(site: Site) -> None:
    """A task that runs while the scheduler is replaced goes on to its end, once."""
    run = site.start("patient")
    site.running("patient")
    site.restart_scheduler()

    assert site.outcome("patient", run) == "success"
    assert site.visitor.tries("patient", run) == {"wait": 1}
    assert "waited to the end" in site.log("patient", run, "wait")
    assert len(site.workers("STOPPED", "patient")) == 1


def test_dying_workers(site: Site) -> None:
    """A worker is killed, one starves, one is larger, one cannot be had: each ends as it should, and has a log."""
    dags = ("killed", "hungry", "sized", "unsold", "discreet")
    runs = {dag: site.start(dag) for dag in dags}
    victim = site.running("killed")
    until(lambda: "attempt 1 lingers" in site.visitor.task_log("killed", runs["killed"], "linger"))
    kill(victim["taskArn"])
    outcomes = {dag: site.outcome(dag, run) for dag, run in runs.items()}

    assert outcomes == {dag: "failed" if dag == "unsold" else "success" for dag in dags}
    assert "second life" in site.log("killed", runs["killed"], "linger", 2)
    assert "out of memory" in site.log("hungry", runs["hungry"], "eat")
    assert "not hungry any more" in site.log("hungry", runs["hungry"], "eat", 2)
    assert "I am larger" in site.log("sized", runs["sized"], "ask")
    assert "the password is ***" in site.log("discreet", runs["discreet"], "tell")
    (larger,) = site.workers("STOPPED", "sized")
    assert (larger["cpu"], larger["memory"]) == ("512", "1024")
    scheduler = site.kept.run("logs", str(site.kept.environment), "scheduler", "--since", "1h").stdout
    assert "No Fargate configuration exists for given values" in scheduler
    worker = site.kept.run("logs", str(site.kept.environment), "worker", "--since", "1h").stdout
    assert "attempt 1 lingers" in worker, "what a killed worker had not sent to its task's log is here"
    assert "correct-horse" not in worker


def test_thirty_at_once_while_aws_has_its_moments(site: Site) -> None:
    """Thirty tasks run side by side to the end although RunTask is throttled and out of capacity for a while."""
    faults = (
        Fault("RunTask", times=3, error="ThrottlingException"),
        Fault("RunTask", times=2, failure="Capacity is unavailable at this time. Please try again later"),
    )
    put_faults(directory_of(cache_root(os.environ), site.env.name, kept=True), faults)
    run = site.start("thirty")

    assert site.outcome("thirty", run) == "success", site.visitor.failed_task_logs("thirty", run)
    tries = site.visitor.tries("thirty", run)
    assert len(tries) == 30
    until(lambda: not site.workers("RUNNING", "thirty"))
    assert len(site.workers("STOPPED", "thirty")) >= sum(tries.values())


def test_teardown_stops_workers(site: Site) -> None:
    """A worker that runs when its environment is taken down is stopped after the scheduler; the fixture proves it."""
    site.start("patient")
    assert site.running("patient")["group"] == f"family:{site.env.name}-worker"


@pytest.mark.parametrize("environment", OLDER)
def test_older_releases(environment: str) -> None:
    """The same rehearsal ends well on the older releases, with nothing left."""
    done = windsock("rehearse", environment, "--dag", "tutorial_taskflow_api", "--port", "0", "--endpoint-port", "0")

    assert done.returncode == 0, done.stderr
    assert "nothing is left" in done.stderr
    assert "every log is there without them" in done.stderr
