"""Whole lives with a Fargate task per Airflow task: workers die, starve, outlive a scheduler, and come in numbers."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from acceptance.sessions import directory_of
from cli.terminal.cache_dir import cache_root
from rehearsal.clients.airflow_client import AirflowClient, AirflowClientFailure, WebFacts
from rehearsal.emulator.rules.fault_injection import PULL_IMAGE, Fault, put_faults
from rehearsal.emulator.rules.lag import MOST_LOOKS
from spec.reading.load import load
from spec.releases.ecs_executors import EcsExecutor
from tests.life.kept import ROOT, Kept, keep
from tests.life.waiting import RUN_SECONDS, kill, until

pytestmark = pytest.mark.airflow
endurance = pytest.mark.endurance

NEWEST = "workers-3.3"
OLDER = ("workers-2.11", "workers-2.5")
LARGER = {
    "scheduler: {cpu: 512, memory: 1024}": "scheduler: {cpu: 512, memory: 2048}",
    "workers: {cpu: 256, memory: 512}": "workers: {cpu: 256, memory: 1024}",
}
CROWD_SECONDS = 1200.0
"""Thirty workers use two processor minutes to import Airflow, on a machine that may have others to serve."""


class Site:
    """A kept environment with workers, as a person sees it, and the account it stands in."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.env = load(kept.environment)
        web = self.env.airflow.release.web
        self.client = AirflowClient(
            kept.site_url, WebFacts(health_path=web.health_path, api_path=web.api_path, login=web.login)
        )
        self.client.login("airflow", kept.admin_password())
        stacks = kept.client("cloudformation").describe_stacks(StackName=self.env.name)["Stacks"]
        self.outputs = {entry["OutputKey"]: entry["OutputValue"] for entry in stacks[0]["Outputs"]}
        self.ecs: Any = kept.client("ecs")
        self.cluster = self.outputs["ClusterName"]

    def start(self, dag: str) -> str:
        """Unpause and trigger a DAG; its run."""
        until(lambda: self._unpaused(dag))
        return self.client.trigger(dag)

    def _unpaused(self, dag: str) -> bool:
        try:
            self.client.unpause(dag)
        except AirflowClientFailure:
            return False
        return True

    def outcome(self, dag: str, run: str, limit: float = RUN_SECONDS) -> str:
        """Wait for the end of a run; its state then."""
        until(lambda: self._state(dag, run) in {"success", "failed"}, limit)
        return self.client.run_state(dag, run)

    def _state(self, dag: str, run: str) -> str:
        try:
            return self.client.run_state(dag, run)
        except AirflowClientFailure:  # a crowd may leave the web server no time to answer
            return "unknown"

    def workers(self, status: str, dag: str) -> list[dict[str, Any]]:
        """Return the workers of a DAG whose desired status this is."""
        arns = self.ecs.list_tasks(cluster=self.cluster, startedBy="airflow", desiredStatus=status)["taskArns"]
        tasks = self.ecs.describe_tasks(cluster=self.cluster, tasks=arns[:100])["tasks"] if arns else []
        return [task for task in tasks if f'"{dag}"' in " ".join(command(task)) or dag in command(task)]

    def running(self, dag: str) -> dict[str, Any]:
        """Wait for a running worker of a DAG."""
        until(lambda: any(task["lastStatus"] == "RUNNING" for task in self.workers("RUNNING", dag)))
        return self.workers("RUNNING", dag)[0]

    def ended(self, dag: str) -> list[dict[str, Any]]:
        """Wait until no worker of a DAG is left; those that there were. The first looks at a task may miss it."""
        for _ in range(2 * MOST_LOOKS):
            self.workers("RUNNING", dag)
            self.workers("STOPPED", dag)
        until(lambda: not self.workers("RUNNING", dag))
        until(lambda: all(task["lastStatus"] == "STOPPED" for task in self.workers("STOPPED", dag)))
        return self.workers("STOPPED", dag)

    def log(self, dag: str, run: str, task: str, attempt: int = 1) -> str:
        """Wait until no worker of the DAG is left; the log of one attempt then."""
        self.ended(dag)
        return self.client.task_log(dag, run, task, attempt=attempt)

    def put_faults(self, *faults: Fault) -> None:
        """Let calls fail by these rules from now on."""
        put_faults(directory_of(cache_root(os.environ), self.env.name, kept=True), faults)

    def worker_lines(self) -> str:
        """Return what all workers printed."""
        return self.kept.run("logs", str(self.kept.environment), "worker", "--since", "1h", "--raw").stdout

    @property
    def ecs_executor(self) -> EcsExecutor:
        """What the release table says of the executor."""
        executor = self.env.airflow.release.ecs
        assert executor is not None
        return executor

    def restart_scheduler(self) -> None:
        """Stop the scheduler's task as a deployment does; its service starts another."""
        name = self.outputs["SchedulerService"]
        (task,) = self.ecs.list_tasks(cluster=self.cluster, serviceName=name)["taskArns"]
        self.ecs.stop_task(cluster=self.cluster, task=task, reason="a deployment")


def command(task: Mapping[str, Any]) -> list[str]:
    """Return the command of a worker."""
    return list(task["overrides"]["containerOverrides"][0]["command"])


@pytest.fixture(scope="module", params=[NEWEST, *(pytest.param(older, marks=endurance) for older in OLDER)])
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """Keep a release with workers after every check; take it down at the end, with nothing left."""
    kept = keep(f"tests/life/{request.param}.yaml", "--dag", "tutorial_taskflow_api")
    yield Site(kept)
    done = kept.run("teardown", str(kept.environment), "--yes")
    assert done.returncode == 0, done.stderr
    assert "Nothing kept." in done.stdout


def test_a_worker_has_the_secrets_of_the_yaml_and_no_database(site: Site) -> None:
    """On 3.x a worker knows neither the database nor a key; its token stands in its command alone."""
    if not site.env.airflow.release.execution_api:
        pytest.skip("workers of this release talk to the database")
    family = f"{site.env.name}-worker"
    definition = site.ecs.describe_task_definition(taskDefinition=family)["taskDefinition"]
    (container,) = definition["containerDefinitions"]

    assert {secret["name"] for secret in container.get("secrets", ())} == set(site.env.airflow.secret_sources)
    assert not [entry for entry in container["environment"] if entry["name"].startswith("DB_")]
    lines = site.worker_lines()
    assert "Executing workload" in lines
    assert "eyJ" not in lines, "a token was logged"


def test_dags_find_what_the_yaml_gives_them(site: Site) -> None:
    """Variables, secrets, connections and rights on a worker; a call that no statement allows is refused."""
    if not site.env.airflow.secret_sources:
        pytest.skip("this YAML gives nothing")
    assert site.outcome("needs", site.start("needs")) == "success"


@endurance
def test_a_task_outlives_its_scheduler(site: Site) -> None:
    """A task that runs meanwhile ends as it should: taken over and run once, where the release can."""
    run = site.start("patient")
    site.running("patient")
    site.restart_scheduler()

    assert site.outcome("patient", run) == "success"
    tries = site.client.tries("patient", run)["wait"]
    assert "waited to the end" in site.log("patient", run, "wait", tries)
    if site.ecs_executor.adopts:
        assert tries == 1
        assert len(site.workers("STOPPED", "patient")) == 1


def test_a_failed_image_pull_starts_another_worker(site: Site) -> None:
    """The log of the task says so, and another worker is started for the same attempt."""
    site.put_faults(Fault(action=PULL_IMAGE))
    run = site.start("single")

    assert site.outcome("single", run) == "success"
    assert site.client.tries("single", run) == {"stamp": 1}
    log = site.log("single", run, "stamp")
    assert "CannotPullContainerError" in log
    assert "started at" in log


def test_a_worker_that_ecs_shows_late_is_not_started_twice(site: Site) -> None:
    """The first answers about a new worker lack it; the provider would take it for lost and start another."""
    run = site.start("patient")

    assert site.outcome("patient", run) == "success"
    assert site.client.tries("patient", run) == {"wait": 1}
    assert len([task for task in site.ended("patient") if run in " ".join(command(task))]) == 1


def test_a_dead_worker_is_retried(site: Site) -> None:
    """One is killed, one taken back, one starves: each is retried, and the log of the attempt says why it ended."""
    dags = ("killed", "reclaimed", "hungry", "discreet")
    runs = {dag: site.start(dag) for dag in dags}
    killed, reclaimed = (site.running(dag)["taskArn"] for dag in dags[:2])
    until(lambda: all(words in site.worker_lines() for words in ("attempt 1 lingers", "waiting")))
    kill(killed)
    site.ecs.stop_task(cluster=site.cluster, task=reclaimed, reason="Your Spot Task was interrupted.")

    assert {dag: site.outcome(dag, run) for dag, run in runs.items()} == dict.fromkeys(dags, "success")
    assert "exit code 137" in site.log("killed", runs["killed"], "linger")
    assert "Your Spot Task was interrupted" in site.log("reclaimed", runs["reclaimed"], "linger")
    for dag in ("killed", "reclaimed"):
        assert "second life" in site.log(dag, runs[dag], "linger", 2)
    assert "OutOfMemoryError" in site.log("hungry", runs["hungry"], "eat")
    assert "not hungry any more" in site.log("hungry", runs["hungry"], "eat", 2)
    assert "the password is ***" in site.log("discreet", runs["discreet"], "tell")
    assert "correct-horse" not in site.worker_lines()


@endurance
def test_a_task_gets_the_worker_size_of_its_executor_config(site: Site) -> None:
    """A refusal of ECS is in the task's log, with the next step."""
    if not site.ecs_executor.adopts:
        pytest.skip("the executor of this release overrides the container alone")
    runs = {dag: site.start(dag) for dag in ("sized", "unsold", "wordy")}
    outcomes = {dag: site.outcome(dag, run) for dag, run in runs.items()}

    assert outcomes == {"sized": "success", "unsold": "failed", "wordy": "failed"}
    assert "I am larger" in site.log("sized", runs["sized"], "ask")
    (larger,) = site.workers("STOPPED", "sized")
    assert (larger["cpu"], larger["memory"]) == ("512", "1024")
    assert "cpu and a memory that Fargate sells" in site.log("unsold", runs["unsold"], "ask")
    assert "let executor_config say less" in site.log("wordy", runs["wordy"], "ask")


@endurance
def test_thirty_tasks_succeed_while_run_task_is_throttled(site: Site) -> None:
    """Thirty tasks run side by side to the end although RunTask is throttled and out of capacity for a while."""
    site.put_faults(
        Fault(action="RunTask", times=3, error="ThrottlingException"),
        Fault(action="RunTask", times=2, failure="Capacity is unavailable at this time. Please try again later"),
    )
    run = site.start("thirty")

    assert site.outcome("thirty", run, CROWD_SECONDS) == "success", site.client.failed_task_logs("thirty", run)
    tries = site.client.tries("thirty", run)
    assert len(tries) == 30
    assert len(site.ended("thirty")) >= sum(tries.values())
    logs = [site.log("thirty", run, task) for task in tries]
    assert any("Capacity is unavailable" in log for log in logs)


@endurance
def test_work_goes_on_after_a_missing_cluster_is_back(site: Site) -> None:
    """The scheduler, and the log of a task that waits for its worker, say so; when it is back, work goes on."""
    gone = {"error": "ClusterNotFoundException", "message": "Cluster not found."}
    site.put_faults(*(Fault(action=action, times=2, **gone) for action in ("RunTask", "DescribeTasks")))
    run = site.start("single")

    assert site.outcome("single", run) == "success"
    assert "Cluster not found" in site.log("single", run, "stamp")


@endurance
def test_a_deployment_leaves_workers_alone(site: Site, tmp_path: Path) -> None:
    """A worker that runs while scheduler and workers become larger goes on as it was; the next one is larger."""
    (tmp_path / "workers").symlink_to(ROOT / "tests/life/workers")
    text = site.kept.environment.read_text(encoding="utf-8")
    for old, new in LARGER.items():
        assert old in text
        text = text.replace(old, new)
    run = site.start("patient")
    before = site.running("patient")

    deployed = site.kept.deploy(text, tmp_path)
    assert deployed.returncode == 0, deployed.stderr
    assert site.outcome("patient", run) == "success"
    (after,) = (task for task in site.ended("patient") if task["taskArn"] == before["taskArn"])
    assert after["containers"][0]["exitCode"] == 0
    if site.ecs_executor.adopts:
        assert site.client.tries("patient", run) == {"wait": 1}
    next_run = site.start("single")
    assert site.outcome("single", next_run) == "success"
    (larger,) = (task for task in site.ended("single") if next_run in " ".join(command(task)))
    assert (before["memory"], larger["memory"]) == ("512", "1024")


def test_a_log_is_read_while_its_task_runs(site: Site) -> None:
    """Line by line, not only when the worker has ended."""
    run = site.start("patient")
    site.running("patient")
    until(lambda: "second 5 of attempt 1" in site.client.task_log("patient", run, "wait"))
    assert site.client.run_state("patient", run) == "running"
    assert site.workers("RUNNING", "patient")


def test_teardown_stops_workers(site: Site) -> None:
    """A worker that runs when its environment is taken down is stopped after the scheduler; the fixture proves it."""
    site.start("patient")
    assert site.running("patient")["group"] == f"family:{site.env.name}-worker"
    if not site.ecs_executor.adopts:
        site.ecs.delete_cluster(cluster=site.cluster)
        status = site.kept.run("status", str(site.kept.environment))
        assert status.returncode == 1, status.stdout
        assert "There is no scheduler service" in status.stdout + status.stderr
