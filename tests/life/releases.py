"""An environment with releases: pushes to it, and the releases that its tasks say they ran."""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from acceptance.airflow.clients import web_facts
from rehearsal.clients.airflow_client import AirflowClient
from spec.reading.load import load
from tests.life.kept import ROOT, Kept, keep
from tests.life.waiting import RUN_SECONDS, until

HOME = ROOT / "tests/life/workers"
DAG, LINGERS = "holds", "lingers"
WORDS = ("words.py", "late_words.py")
HAMMER_SECONDS = 300.0
BETWEEN_PUSHES = 5.0
BETWEEN_RUNS = 12.0


@dataclass(frozen=True)
class Site:
    """A kept environment with releases, and the checkout from which code is pushed to it."""

    kept: Kept
    client: AirflowClient
    checkout: Path

    def start(self, dag: str = DAG) -> str:
        """Start a run and return it."""
        until(lambda: dag in self.client.dags())
        self.client.unpause(dag)
        return self.client.trigger(dag)

    def push(self, word: str) -> None:
        """Push a copy of the home in which the DAGs say another word."""
        copy = self.checkout / HOME.name
        if not copy.exists():
            shutil.copytree(HOME, copy, ignore=shutil.ignore_patterns("__pycache__"))
            text = self.kept.environment.read_text(encoding="utf-8")
            (self.checkout / "env.yaml").write_text(text, encoding="utf-8")
        for name in WORDS:
            (copy / "dags" / name).write_text(_text(word), encoding="utf-8")
        pushed = self.kept.run("push", "env.yaml", checkout=self.checkout)
        assert pushed.returncode == 0, pushed.stdout + pushed.stderr

    def rollback(self) -> None:
        """Go back to the release before."""
        back = self.kept.run("rollback", "env.yaml", checkout=self.checkout)
        assert back.returncode == 0, back.stderr

    def users(self, word: str) -> int:
        """Return how many runs `windsock releases` counts for the release that was pushed with a word."""
        listed = self.kept.run("releases", "env.yaml", "--json", checkout=self.checkout)
        assert listed.returncode == 0, listed.stderr
        digest = hashlib.sha256(_text(word).encode()).hexdigest()
        found = (one["runs"] for one in json.loads(listed.stdout)["releases"] if digest in one["files"].values())
        return sum(found)

    def ends(self, run: str, dag: str = DAG) -> None:
        """Wait for the end of a run, which succeeds."""
        until(lambda: self.client.run_state(dag, run) in {"success", "failed"}, RUN_SECONDS)
        assert self.client.run_state(dag, run) == "success"

    def says(self, run: str, word: str) -> None:
        """Wait for the end of a run, and until its log shows that every task ran the code with this word."""
        self.ends(run)
        until(self.said(run, "first", f"first says {word}"))
        until(self.said(run, "second", f"second says {word} and {word}"))

    def said(self, run: str, task: str, words: str, dag: str = DAG) -> Callable[[], bool]:
        """Return a look whether the log of a task has these words; a task that has not begun has none."""
        return lambda: task in self.client.tries(dag, run) and words in self.client.task_log(dag, run, task)

    def keeps_a_task_on_its_release(self) -> None:
        """Push while a task runs, and look what it executes then, which run is counted, and what the next executes."""
        self.push("old")
        until(lambda: self._next_says("old"))
        old = self.start(LINGERS)
        until(self.said(old, "only", "only begins with old", LINGERS))
        self.push("new")
        assert self.client.run_state(LINGERS, old) == "running"
        until(lambda: self.users("old") == 1)
        assert self.client.run_state(LINGERS, old) == "running"
        self.ends(old, LINGERS)
        until(self.said(old, "only", "only says old and old", LINGERS))
        until(lambda: self._next_says("new"))

    def goes_back(self) -> None:
        """Push twice and go back; look what the next run executes before and after."""
        self.push("before")
        self.push("after")
        self.says(self.start(), "after")
        self.rollback()
        self.says(self.start(), "before")

    def refuses_a_broken_file(self) -> None:
        """Push a file that cannot be imported; look that it is named with its line, and that nothing is left of it."""
        self.push("good")
        broken = self.checkout / HOME.name / "dags" / "broken.py"
        broken.write_text("from airflow.models import dag\nimport nothing_of_that_name\n", encoding="utf-8")
        pushed = self.kept.run("push", "env.yaml", "--rollback-on-error", checkout=self.checkout)
        broken.unlink()
        assert pushed.returncode == 1
        assert "dags/broken.py:2: ModuleNotFoundError" in pushed.stdout + pushed.stderr
        assert "No file changes." in self.kept.run("push", "env.yaml", "--plan", checkout=self.checkout).stdout

    def _next_says(self, word: str) -> bool:
        run = self.start()
        self.ends(run)
        until(self.said(run, "second", "second says"))
        return self.said(run, "second", f"second says {word} and {word}")()


def _text(word: str) -> str:
    return f'WORD = "{word}"\n'


def kept_site(environment: str, checkout: Path) -> Iterator[Site]:
    """Keep an environment of this folder; take it down at the end, with nothing left."""
    kept = keep(f"tests/life/{environment}.yaml", "--dag", "tutorial_taskflow_api")
    client = AirflowClient(kept.web_url, web_facts(load(kept.environment)))
    client.login("airflow", kept.admin_password())
    yield Site(kept, client, checkout)
    done = kept.run("teardown", str(kept.environment), "--yes")
    assert done.returncode == 0, done.stderr
    assert "Nothing kept." in done.stdout


def hold(client: AirflowClient, run: str) -> None:
    """Let no task of the DAG start but the first of a run, and wait until that one has ended."""
    until(lambda: _state(client, run, "first") in {"running", "success"})
    client.pause(DAG)
    until(lambda: _state(client, run, "first") == "success")


def hammer(site: Site) -> None:
    """Push again and again while DAGs run: no import error, and no task that executes two releases."""
    runs: list[str] = []
    number, end, next_run = 0, time.monotonic() + HAMMER_SECONDS, 0.0
    while time.monotonic() < end:
        began, number = time.monotonic(), number + 1
        site.push(f"w{number}")
        if began >= next_run:
            runs, next_run = [*runs, site.start()], began + BETWEEN_RUNS
        assert site.client.import_errors() == ()
        time.sleep(max(0.0, BETWEEN_PUSHES - (time.monotonic() - began)))
    print(f"{number} pushes, {len(runs)} runs")  # noqa: T201  # `pytest -rP` shows it
    for run in runs:
        site.ends(run)
        until(site.said(run, "second", "second says"))
        log = site.client.task_log(DAG, run, "second")
        assert any(f"second says w{one} and w{one}" in log for one in range(1, number + 1)), log


def _state(client: AirflowClient, run: str, task: str) -> str:
    return str(client.task(DAG, run, task).get("state"))
