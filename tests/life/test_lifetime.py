"""The life of an environment that sleeps at night and deletes itself: shown, extended, woken, and gone by itself."""

import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from acceptance.schedule_checks import EXTENSION, SURVIVORS, night
from acceptance.sessions import find_kept
from cli.terminal.cache_dir import cache_root
from deployer.aws.inventory import inventory
from deployer.aws.session import open_session
from rehearsal.emulator.rules import fake_clock
from rehearsal.session.emulator_session import EmulatorSession
from spec.reading.load import load
from tests.life.kept import ROOT, Kept, keeping, windsock

pytestmark = pytest.mark.airflow

ENVIRONMENT = "tests/life/mayfly.yaml"
DAG = "tutorial_taskflow_api"
SECONDS = 120
NOT_CODE = shutil.ignore_patterns(".venv", ".git", ".cache", "artifacts", "templates_out", "*_cache", "__pycache__")


PAGE = ", browsers read: It is awake 08:00-18:00 Mon-Fri (Europe/Berlin)."


@pytest.mark.parametrize(("environment", "page"), [(ENVIRONMENT, PAGE), ("examples/branch-mysql.yaml", "")])
def test_a_rehearsal_checks_evening_morning_and_end(environment: str, page: str) -> None:
    """Evening, morning with a DAG that succeeds, and an end that only the schedule brings; nothing is left.

    Browsers are told of the evening where there is a load balancer.
    """
    done = windsock("rehearse", environment, "--port", "0", "--endpoint-port", "0", "--dag", DAG, "--json")
    assert done.returncode == 0, done.stderr
    proof = json.loads(done.stdout)
    saw = {step["name"]: step["saw"] for step in proof["acts"]}
    assert [name for name in saw if name in {"extend", "evening", "morning", "expiry"}] == [
        *("extend", "evening", "morning", "expiry")
    ]
    assert saw["evening"] == f"no service runs, the database is stopped{page}"
    assert saw["morning"].endswith(f"{DAG} succeeded")
    assert saw["expiry"] == "deleted by its schedule alone; only the toolkit is left"
    assert proof["left"] == []


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    """Keep the environment after a DAG has succeeded; end the rehearsal after the tests."""
    with keeping(ENVIRONMENT, "--dag", DAG) as kept:
        yield kept


@pytest.fixture(scope="module")
def checkout(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout with its compiled templates."""
    folder = tmp_path_factory.mktemp("checkout") / "windsock"
    shutil.copytree(ROOT, folder, ignore=NOT_CODE)
    shutil.copy(kept.environment, folder / "env.yaml")
    compiled = kept.run("compile", "env.yaml", checkout=folder)
    assert compiled.returncode == 0, compiled.stderr
    return folder


def test_status_says_when_it_ends(kept: Kept) -> None:
    """Half a day after its deploy."""
    ends = _ends(kept)
    assert timedelta(hours=11, minutes=30) < ends - datetime.now(UTC) < timedelta(hours=12)


def test_extend_adds_to_what_is_left(kept: Kept) -> None:
    """Both times are said, and status says the new one; over a weekend the next evening is days away."""
    before = _ends(kept)
    done = kept.run("extend", str(kept.environment), f"{EXTENSION.days}d")
    assert done.returncode == 0, done.stderr
    assert f"{before:%Y-%m-%d %H:%M} UTC" in done.stderr
    assert f"{before + EXTENSION:%Y-%m-%d %H:%M} UTC" in done.stdout
    assert _ends(kept) == before + EXTENSION


def test_extend_refuses_more_than_a_year(kept: Kept) -> None:
    """In one sentence, and nothing is changed."""
    before = _ends(kept)
    done = kept.run("extend", str(kept.environment), "52w")
    assert (done.returncode, done.stdout) == (1, "")
    assert "more than a year from now; nothing was changed" in done.stderr
    assert _ends(kept) == before


def test_a_deploy_at_night_wakes_it_and_leaves_its_end(kept: Kept, checkout: Path) -> None:
    """Services and database are started, everything is healthy, and the extension stands."""
    before = _ends(kept)
    schedule = load(kept.environment).schedule
    assert schedule is not None
    assert schedule.hours is not None
    evening, _ = night(schedule.hours, datetime.now(UTC))
    _turn(kept, evening + timedelta(minutes=30))  # the database outlives the services by ten minutes
    _await(lambda: _database(kept) == "stopped" and not any(_counts(kept)))
    assert not any("OperationalError" in log.read_text(encoding="utf-8") for log in _logs(kept))
    done = kept.run("deploy", "env.yaml", "--yes", checkout=checkout)
    assert done.returncode == 0, done.stderr
    assert "== wake" in done.stderr
    assert all(_counts(kept))
    assert _ends(kept) == before


def test_a_push_uploads_code_and_empties_the_bucket(kept: Kept, checkout: Path) -> None:
    """Its bucket is empty before and after."""
    (checkout / "airflow_home" / "dags" / "mine.py").write_text("# nothing to run\n")
    done = kept.run("push", "env.yaml", checkout=checkout)
    assert done.returncode == 0, done.stderr
    assert "+ dags/mine.py" in done.stdout
    assert _objects(kept) == []


def test_it_is_deleted_after_its_end_and_not_before(kept: Kept) -> None:
    """By CloudFormation's own means: nobody tears anything down."""
    end = _ends(kept)
    _turn(kept, end - timedelta(minutes=1))
    time.sleep(2)
    assert _status(kept) == "UPDATE_COMPLETE"
    _turn(kept, end + timedelta(minutes=1))  # status leaves the seconds out
    _await(lambda: _status(kept) == "gone")
    session = open_session(
        kept.variables["AWS_REGION"],
        endpoint_url=kept.variables["AWS_ENDPOINT_URL"],
        access_key=kept.variables["AWS_ACCESS_KEY_ID"],
        secret_key=kept.variables["AWS_SECRET_ACCESS_KEY"],
    )
    left = list(inventory(session))
    assert [thing for thing in left if not thing.startswith(SURVIVORS)] == []
    assert sorted(thing.partition(" ")[0] for thing in left) == ["bucket", "role", "stack"]


def test_an_expired_environment_is_not_deployed(kept: Kept) -> None:
    """Every verb says so in a sentence; a teardown deletes the bootstrap stack."""
    extended = kept.run("extend", str(kept.environment), "2d")
    assert (extended.returncode, "is not deployed" in extended.stderr) == (1, True)
    status = kept.run("status", str(kept.environment))
    assert "is not deployed" in status.stdout
    done = kept.run("teardown", str(kept.environment), "--yes")
    assert done.returncode == 0, done.stderr
    assert "windsock-toolkit" in done.stdout


def _ends(kept: Kept) -> datetime:
    status = kept.run("status", str(kept.environment)).stdout
    found = re.search(r"^expires +(\S+ \S+) UTC$", status, re.MULTILINE)
    assert found, status
    return datetime.strptime(found[1], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def _turn(kept: Kept, moment: datetime) -> None:
    fake_clock.set_to(_emulator(kept).directory, moment.timestamp())


def _logs(kept: Kept) -> list[Path]:
    return list((_emulator(kept).directory / "logs").glob("*-airflow.log"))


def _emulator(kept: Kept) -> EmulatorSession:
    emulator = find_kept(cache_root(os.environ), kept.variables["AWS_ENDPOINT_URL"])
    assert emulator
    return emulator


def _await(look: Any) -> None:
    deadline = time.monotonic() + SECONDS
    while not look():
        assert time.monotonic() < deadline
        time.sleep(0.5)


def _status(kept: Kept) -> str:
    stacks = kept.client("cloudformation").describe_stacks()["Stacks"]
    return next((str(stack["StackStatus"]) for stack in stacks if stack["StackName"] == "mayfly"), "gone")


def _database(kept: Kept) -> str:
    return str(kept.client("rds").describe_db_instances()["DBInstances"][0]["DBInstanceStatus"])


def _counts(kept: Kept) -> list[int]:
    ecs = kept.client("ecs")
    (cluster,) = ecs.list_clusters()["clusterArns"]
    services = ecs.describe_services(cluster=cluster, services=ecs.list_services(cluster=cluster)["serviceArns"])
    return [service["runningCount"] for service in services["services"]]


def _objects(kept: Kept) -> list[str]:
    s3 = kept.client("s3")
    (bucket,) = (entry["Name"] for entry in s3.list_buckets()["Buckets"] if "codebucket" in entry["Name"])
    return [entry["Key"] for entry in s3.list_object_versions(Bucket=bucket).get("Versions", [])]
