"""A database in a container, really: DAGs run on it, it is killed, and it comes back."""

import os
import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from acceptance.emulated_aws import reachable_web_server, session_of
from acceptance.sessions import directory_of
from cli.terminal.cache_dir import cache_root
from deployer.stacks.outputs import read_outputs
from deployer.stacks.preflight import existing_stack
from rehearsal.clients.airflow_client import AirflowClient, AirflowClientFailure, WebFacts
from rehearsal.session import emulator_session
from spec.reading.load import load
from tests.life.filled_database import inside
from tests.life.kept import Kept, keep
from tests.life.tunnels import read_dump, write_dump
from tests.life.waiting import RUN_SECONDS, kill, until

pytestmark = pytest.mark.airflow

PERSISTENT, EPHEMERAL = "examples/branch-postgres.yaml", "tests/life/ephemeral.yaml"
MYSQL = "tests/life/mysql-3.yaml"
"""With the release that wants a module for it which has to be compiled."""
WAITS = {"postgres": "Another database server still has these files. Waiting", "mysql": "Unable to lock ./ibdata1"}
"""What a second server says."""
SLOW, QUICK = "tutorial", "tutorial_taskflow_api"
"""The first sleeps for some seconds, in which its database can be lost."""
ADD_VAULT = "airflow connections add vault --conn-uri postgresql://ann:very-secret@db/x"
ASK_VAULT = "from airflow.models import Connection; print(Connection.get_connection_from_secrets('vault').password)"


class Branch:
    """A kept environment whose database is a container, and a person at its site."""

    def __init__(self, kept: Kept, forwards: ExitStack) -> None:
        self.kept, self.forwards = kept, forwards
        self.env = load(kept.environment)
        self.emulator = emulator_session.read(directory_of(cache_root(os.environ), self.env.name, kept=True))
        self.ecs: Any = kept.client("ecs")
        stacks = kept.client("cloudformation").describe_stacks(StackName=self.env.name)["Stacks"]
        self.outputs = {entry["OutputKey"]: entry["OutputValue"] for entry in stacks[0]["Outputs"]}
        self.cluster = self.outputs["ClusterName"]
        self.password = kept.admin_password()
        self.client = self.visit()

    def visit(self) -> AirflowClient:
        """Log in as the first user, by the load balancer or, without one, by a tunnel to the web server of now."""
        web = self.env.airflow.release.web
        session = session_of(self.env, self.emulator)
        outputs = read_outputs(existing_stack(self.env, session))
        url = self.forwards.enter_context(reachable_web_server(self.env, session, outputs, self.emulator))
        client = AirflowClient(url, WebFacts(health_path=web.health_path, api_path=web.api_path, login=web.login))
        client.login("airflow", self.password)
        return client

    def database(self) -> str:
        """Return the task of the database that runs and is healthy; empty while there is none."""
        arns = self.ecs.list_tasks(cluster=self.cluster, serviceName=self.outputs["DatabaseService"])["taskArns"]
        tasks = self.ecs.describe_tasks(cluster=self.cluster, tasks=arns)["tasks"] if arns else []
        healthy = [task for task in tasks if task["lastStatus"] == "RUNNING" and task["healthStatus"] == "HEALTHY"]
        return str(healthy[0]["taskArn"]) if healthy else ""

    def lose_database(self) -> None:
        """Kill the database's processes, and wait until its service has another."""
        before = self.database()
        kill(before)
        until(lambda: self.database() not in {"", before})

    def start_second_database(self) -> tuple[dict[str, Any], str]:
        """Start another task of the database where it runs; return its definition and its ARN."""
        service = self.ecs.describe_services(cluster=self.cluster, services=[self.outputs["DatabaseService"]])
        found = service["services"][0]
        started = self.ecs.run_task(
            cluster=self.cluster,
            taskDefinition=found["taskDefinition"],
            launchType="FARGATE",
            networkConfiguration=found["networkConfiguration"],
        )
        definition = self.ecs.describe_task_definition(taskDefinition=found["taskDefinition"])["taskDefinition"]
        return definition["containerDefinitions"][0], started["tasks"][0]["taskArn"]

    def lines(self, definition: dict[str, Any], arn: str) -> list[str]:
        """Return what a task of the database has logged so far."""
        options = definition["logConfiguration"]["options"]
        stream = f"{options['awslogs-stream-prefix']}/{definition['name']}/{arn.rpartition('/')[2]}"
        logs: Any = self.kept.client("logs")
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=options["awslogs-group"])
        return [event["message"] for page in pages for event in page["events"] if event["logStreamName"] == stream]

    def run(self, dag: str) -> str:
        """Run a DAG to its end; its state then."""
        self.client.unpause(dag)
        run = self.client.trigger(dag)
        until(lambda: self.state(dag, run) in {"success", "failed"}, RUN_SECONDS)
        return self.state(dag, run)

    def state(self, dag: str, run: str) -> str:
        """Return the state of a run, or the HTTP status when Airflow does not know it."""
        try:
            return self.client.run_state(dag, run)
        except AirflowClientFailure as failure:
            return f"{failure.status}"

    def come_in_clear(self) -> None:
        """Come to the database from a container of the environment, and fail unless it refuses who comes in clear."""
        script = (Path(__file__).parent / "database_in_clear.py").read_text(encoding="utf-8")
        self.kept.command(shlex.join(["python", "-c", script]))

    def is_well(self) -> bool:
        """Whether `status` has nothing to complain of."""
        return self.kept.run("status", str(self.kept.environment)).returncode == 0


def _life(environment: str) -> Iterator[Branch]:
    kept = keep(environment)
    with ExitStack() as forwards:
        yield Branch(kept, forwards)
    done = kept.run("teardown", str(kept.environment), "--yes")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module", params=[PERSISTENT, pytest.param(MYSQL, marks=pytest.mark.endurance)])
def persistent(request: pytest.FixtureRequest) -> Iterator[Branch]:
    """Files on EFS, on the newest release: Postgres or, when there is time, MariaDB in MySQL's place."""
    yield from _life(request.param)


@pytest.fixture(scope="module")
def ephemeral() -> Iterator[Branch]:
    """MariaDB in MySQL's place with its files in the task, on Airflow 2."""
    yield from _life(EPHEMERAL)


def test_who_comes_in_clear_is_refused(persistent: Branch) -> None:
    """From a container of the environment, with the right password; Airflow's own connection is encrypted."""
    persistent.come_in_clear()


def test_data_on_efs_survives_a_killed_database(persistent: Branch) -> None:
    """Killed while a DAG runs, the server comes back with every run it knew, and Airflow goes on by itself."""
    persistent.client.unpause(SLOW)
    run = persistent.client.trigger(SLOW)
    until(lambda: persistent.state(SLOW, run) == "running")
    persistent.lose_database()
    until(persistent.is_well)
    persistent.client = persistent.visit()
    assert persistent.state(SLOW, run) in {"running", "success", "failed"}
    assert persistent.run(QUICK) == "success"


def test_a_second_server_on_the_same_files_does_not_start(persistent: Branch) -> None:
    """It waits for the lock of the first and says so, the first goes on, and no run is lost."""
    definition, arn = persistent.start_second_database()
    words = WAITS[persistent.env.database.engine]
    until(lambda: any(words in line for line in persistent.lines(definition, arn)))
    persistent.ecs.stop_task(cluster=persistent.cluster, task=arn)
    assert persistent.database()
    assert persistent.run(QUICK) == "success"


def test_a_deploy_after_a_killed_database_does_nothing(persistent: Branch, tmp_path: Path) -> None:
    """The files are the ones that were initialised."""
    done = persistent.kept.deploy(persistent.kept.environment.read_text(), tmp_path)
    assert done.returncode == 0, done.stderr
    assert "== database" not in done.stderr
    assert persistent.client.health()


@pytest.mark.endurance
def test_another_version_begins_empty_where_that_is_said(persistent: Branch, tmp_path: Path) -> None:
    """It is refused with the way to bring the data over; allowed by name, it is initialised, and Airflow goes on.

    A dump of the former, written and read through a tunnel, brings everything back, whatever is encrypted included.
    """
    database = persistent.env.database
    other = persistent.env.airflow.release.databases[database.engine][0]
    text = persistent.kept.environment.read_text(encoding="utf-8")
    changed = text.replace(f'version: "{database.version}"', f'version: "{other}"')
    persistent.client.unpause(QUICK)
    run = persistent.client.trigger(QUICK)
    until(lambda: persistent.state(QUICK, run) == "success", RUN_SECONDS)
    inside(persistent.kept, persistent.kept.environment, "bash", "-c", ADD_VAULT)
    write_dump(persistent.kept, tmp_path / "airflow.sql")
    done = persistent.kept.deploy(changed, tmp_path)
    assert done.returncode != 0
    assert f"begins without any, in /database-{database.engine}-{other}" in done.stderr
    done = persistent.kept.deploy(changed, tmp_path, "--allow-replace", "Database/DatabaseAccessPoint")
    assert done.returncode == 0, done.stderr
    assert f"== database: {persistent.env.airflow.release.initialise_database}" in done.stderr
    persistent.client = persistent.visit()
    assert persistent.state(QUICK, run) == "404"
    assert persistent.run(QUICK) == "success"
    read_dump(persistent.kept, tmp_path / "airflow.sql")
    assert persistent.state(QUICK, run) == "success"
    said = inside(persistent.kept, persistent.kept.environment, "python", "-c", ASK_VAULT)
    assert said.strip().endswith("very-secret")
    assert persistent.run(QUICK) == "success"
    until(persistent.is_well)


def test_who_comes_in_clear_to_mysql_is_refused(ephemeral: Branch) -> None:
    """In the same way."""
    ephemeral.come_in_clear()


def test_a_deploy_initialises_a_killed_ephemeral_database_again(ephemeral: Branch, tmp_path: Path) -> None:
    """Killed while a DAG runs, it comes back empty; `deploy` initialises it and makes the first user again."""
    ephemeral.client.unpause(SLOW)
    run = ephemeral.client.trigger(SLOW)
    until(lambda: ephemeral.state(SLOW, run) == "running")
    ephemeral.lose_database()
    done = ephemeral.kept.deploy(ephemeral.kept.environment.read_text(), tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"== database: {ephemeral.env.airflow.release.initialise_database}" in done.stderr
    ephemeral.client = ephemeral.visit()
    assert ephemeral.state(SLOW, run) == "404"
    assert ephemeral.run(QUICK) == "success"
    assert ephemeral.is_well()
