"""Releases on a file system: a task keeps the one that it began with, one goes back, and a folder becomes a file."""

import shutil
from collections.abc import Iterator

import pytest

from tests.life.releases import HOME, Site, hammer, kept_site
from tests.life.waiting import until

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]
PROGRAMS = "programs"

PROGRAMS_DAG = '''"""A DAG that runs a program beside it."""

import subprocess
from datetime import datetime
from pathlib import Path

try:
    from airflow.sdk import dag, task
except ImportError:
    from airflow.decorators import dag, task


@dag(schedule=None, start_date=datetime(2021, 1, 1), catchup=False)
def programs():
    @task
    def only() -> None:
        program = Path(__file__).parent / "scripts" / "run.sh"
        print("program says", subprocess.run([program], check=True, capture_output=True, text=True).stdout.strip())

    only()


programs()
'''
PROGRAM = """#!/bin/sh
if [ -d "$(dirname "$0")/../tool" ]; then echo folder; else echo file; fi
"""


@pytest.fixture(scope="module", params=["shared-2.5", "shared-2.11-ecs", "shared-3-ecs"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Keep an environment; take it down at the end, with nothing left."""
    yield from kept_site(request.param, tmp_path_factory.mktemp("checkout"))


def test_a_task_keeps_its_release_across_a_push(site: Site) -> None:
    """Also in what it imports after the push, and `windsock releases` counts its run there.

    The next run executes what was pushed.
    """
    site.keeps_a_task_on_its_release()


def test_going_back_changes_what_the_next_task_executes(site: Site) -> None:
    """The task of the sync leads the link back, and Airflow parses that release again."""
    site.goes_back()


def test_a_broken_file_is_named_and_the_release_before_stays(site: Site) -> None:
    """With its line; `--rollback-on-error` is all that it takes."""
    site.refuses_a_broken_file()


def test_a_program_runs_and_a_folder_becomes_a_file(site: Site) -> None:
    """A program at home is one on the cluster; what was a folder in one push is a file in the next."""
    site.push("programs")
    dags = site.checkout / HOME.name / "dags"
    (dags / "scripts").mkdir()
    (dags / "tool").mkdir()
    (dags / "tool/__init__.py").touch()
    (dags / "programs.py").write_text(PROGRAMS_DAG, encoding="utf-8")
    (dags / "scripts/run.sh").write_text(PROGRAM, encoding="utf-8")
    (dags / "scripts/run.sh").chmod(0o755)
    site.push("programs")
    until(lambda: _program_says(site, "folder"))
    shutil.rmtree(dags / "tool")
    (dags / "tool").write_text("no folder any more\n", encoding="utf-8")
    site.push("programs")
    until(lambda: _program_says(site, "file"))


def test_pushes_in_quick_succession_mix_nothing(site: Site) -> None:
    """For five minutes, while DAGs run."""
    if site.kept.environment.name != "shared-2.5.yaml":
        pytest.skip("thirty workers at once are another test's subject")
    hammer(site)


def _program_says(site: Site, word: str) -> bool:
    run = site.start(PROGRAMS)
    site.ends(run, PROGRAMS)
    until(site.said(run, "only", "program says", PROGRAMS))
    return site.said(run, "only", f"program says {word}", PROGRAMS)()
