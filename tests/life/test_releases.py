"""A run keeps the release that it began with, across a push and across a rollback, with either executor."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from acceptance.airflow.clients import web_facts
from rehearsal.clients.airflow_client import AirflowClient
from spec.reading.load import load
from tests.life.kept import ROOT, Kept, keep
from tests.life.releases import DAG, hold, push_another, said
from tests.life.waiting import RUN_SECONDS, until

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

HOME = ROOT / "tests/life/workers"
HAMMER_SECONDS = 300.0
BETWEEN_PUSHES = 5.0
BETWEEN_RUNS = 12.0


@dataclass(frozen=True)
class Site:
    """A kept environment with releases, and the checkout from which code is pushed to it."""

    kept: Kept
    client: AirflowClient
    checkout: Path

    def start(self) -> str:
        """Start a run and return it."""
        until(lambda: DAG in self.client.dags())
        self.client.unpause(DAG)
        return self.client.trigger(DAG)

    def push(self, word: str) -> None:
        """Push code that says another word."""
        push_another(self.kept, HOME, self.checkout, word)

    def says(self, run: str, word: str) -> None:
        """Wait for the end of a run, and until its log shows that every task ran the code with this word."""
        until(lambda: self.client.run_state(DAG, run) in {"success", "failed"}, RUN_SECONDS)
        assert self.client.run_state(DAG, run) == "success"
        until(said(self.client, run, "first", word))
        until(said(self.client, run, "second", f"{word} and {word}"))


@pytest.fixture(scope="module", params=["releases-local", "releases-ecs"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Keep an environment; take it down at the end, with nothing left."""
    kept = keep(f"tests/life/{request.param}.yaml", "--dag", "tutorial_taskflow_api")
    client = AirflowClient(kept.web_url, web_facts(load(kept.environment)))
    client.login("airflow", kept.admin_password())
    yield Site(kept, client, tmp_path_factory.mktemp("checkout"))
    done = kept.run("teardown", str(kept.environment), "--yes")
    assert done.returncode == 0, done.stderr
    assert "Nothing kept." in done.stdout


def test_a_release_holds_across_a_push(site: Site) -> None:
    """Every task of a run executes what the run began with; the next run executes what was pushed meanwhile."""
    site.push("old")
    old = site.start()
    hold(site.client, old)
    site.push("new")
    new = site.start()
    site.says(old, "old")
    site.says(new, "new")


def test_a_release_holds_across_a_rollback(site: Site) -> None:
    """Going back changes what the next run executes, and nothing of a run that has begun."""
    site.push("before")
    site.push("after")
    after = site.start()
    hold(site.client, after)
    back = site.kept.run("rollback", "env.yaml", checkout=site.checkout)
    assert back.returncode == 0, back.stderr
    before = site.start()
    site.says(after, "after")
    site.says(before, "before")


def test_a_broken_file_is_named_and_the_release_before_stays(site: Site) -> None:
    """With its line; `--rollback-on-error` is all that it takes."""
    site.push("good")
    broken = site.checkout / HOME.name / "dags" / "broken.py"
    broken.write_text("from airflow.sdk import dag\nimport nothing_of_that_name\n", encoding="utf-8")
    pushed = site.kept.run("push", "env.yaml", "--rollback-on-error", checkout=site.checkout)
    broken.unlink()
    assert pushed.returncode == 1
    assert "dags/broken.py:2: ModuleNotFoundError" in pushed.stdout + pushed.stderr
    assert site.kept.run("push", "env.yaml", "--dry-run", checkout=site.checkout).stdout == ""


def test_pushes_in_quick_succession_mix_nothing(site: Site) -> None:
    """For five minutes, while DAGs run: no import error, and no task that executes two releases."""
    if site.kept.environment.name != "releases-local.yaml":
        pytest.skip("thirty workers at once are another test's subject")
    runs: list[str] = []
    number, end, next_run = 0, time.monotonic() + HAMMER_SECONDS, 0.0
    while time.monotonic() < end:
        began, number = time.monotonic(), number + 1
        site.push(f"w{number}")
        if began >= next_run:
            runs, next_run = [*runs, site.start()], began + BETWEEN_RUNS
        assert site.client.import_errors() == ()
        time.sleep(max(0.0, BETWEEN_PUSHES - (time.monotonic() - began)))
    for run in runs:
        _outcome(site, run)
        log = site.client.task_log(DAG, run, "second")
        assert any(f"second says w{one} and w{one}" in log for one in range(1, number + 1)), log


def _outcome(site: Site, run: str) -> None:
    until(lambda: site.client.run_state(DAG, run) == "success", RUN_SECONDS)
    until(lambda: "second says" in site.client.task_log(DAG, run, "second"))
