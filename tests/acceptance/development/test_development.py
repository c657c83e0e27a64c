"""Changes reach the environment by the shortest way; whole lives of it are in tests/life."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from acceptance.airflow.parsing import Parsed, Parser
from acceptance.development import development
from acceptance.development.development import Development
from acceptance.development.events import Event
from acceptance.development.mirror import Mirror
from acceptance.development.project import Project
from acceptance.run import Options, Rehearsal
from acceptance.steps import Steps
from spec.errors import Refusal
from tests.deployer.fakes.environment import environment

DAG = "from airflow import DAG\nfrom shared import names\n"


@dataclass
class Airflow:
    """Stands for `Parser`: every file has a DAG of its name."""

    asked: list[tuple[list[str], list[str]]] = field(default_factory=list)
    known: frozenset[str] = frozenset({"orders.py"})
    newer: list[Parsed] = field(default_factory=list)

    def await_parsed(self, files: Collection[str], removed: Collection[str], _moment: float) -> Iterator[Parsed]:
        """Mirror the real one."""
        self.asked.append((sorted(files), sorted(removed)))
        yield from (Parsed(file=file, seconds=1, dags=(Path(file).stem,)) for file in sorted(files))
        yield from (Parsed(file=file, seconds=1) for file in sorted(removed))

    def news(self) -> Iterable[Parsed]:
        """Mirror the real one."""
        return self.newer


@pytest.fixture
def airflow() -> Airflow:
    """Return an Airflow that was asked nothing yet."""
    return Airflow()


@pytest.fixture
def running(tmp_path: Path, airflow: Airflow) -> Development:
    """Return an environment that runs with one DAG file, whose YAML is refused from now on."""
    for name, text in (
        ("home/dags/orders.py", DAG),
        ("home/dags/shared.py", "NAMES = 1\n"),
        ("home/plugins/hello.py", "x"),
        ("docker/requirements.txt", ""),
        ("env.yaml", "name: demo\n"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    def refuse() -> Rehearsal:
        raise Refusal("The YAML is wrong.")

    rehearsal = Rehearsal(
        env=environment(),
        templates=cast("Any", None),
        steps=Steps(say=lambda _: None),
        options=Options(checkout=tmp_path, home=tmp_path / "home", cache=tmp_path / "cache"),
        progress=development._silent,
    )
    running = Development(
        rehearsal=rehearsal,
        stage=cast("Any", None),
        deployment=cast("Any", None),
        read=refuse,
        project=Project(yaml=tmp_path / "env.yaml", context=tmp_path / "docker", home=tmp_path / "home"),
        mirror=Mirror(home=tmp_path / "home", folder=tmp_path / "efs"),
        parser=cast("Parser", airflow),
        tunnel=ExitStack(),
    )
    assert list(running.begin()) == [Event("dags/", "1 DAGs, of 1 files")]
    airflow.asked.clear()
    return running


def test_nothing_happens_without_a_change(running: Development) -> None:
    """Editors write files that are none of the project's."""
    (running.mirror.home / "dags" / ".orders.py.swp").write_text("x")
    assert list(running.react()) == []


def test_a_saved_dag_file_is_parsed(running: Development, airflow: Airflow) -> None:
    """It alone; a removed one is awaited until it is gone, if Airflow ever knew it."""
    (running.mirror.home / "dags" / "more.py").write_text(DAG)
    assert list(running.react()) == [Event("dags/more.py", "parsed in 1.0 s: more")]
    (running.mirror.home / "dags" / "more.py").unlink()
    (running.mirror.home / "dags" / "orders.py").unlink()
    assert list(running.react()) == [Event("dags/orders.py", "gone after 1.0 s")]
    assert airflow.asked == [(["more.py"], []), ([], ["orders.py"])]


def test_a_module_lets_those_be_parsed_that_use_it(running: Development) -> None:
    """Its own event names them."""
    (running.mirror.home / "dags" / "shared.py").write_text("NAMES = 22\n")
    assert list(running.react()) == [
        Event("dags/shared.py", "used by dags/orders.py"),
        Event("dags/orders.py", "parsed in 1.0 s: orders"),
    ]


def test_a_refused_yaml_is_an_event(running: Development) -> None:
    """What runs goes on, and the next change may mend it."""
    running.project.yaml.write_text("name: other\n")
    assert list(running.react()) == [Event("env.yaml", "The YAML is wrong.", wrong=True)]
    assert list(running.react()) == []


def test_what_is_not_brought_is_named(running: Development) -> None:
    """Such as a likely secret."""
    (running.mirror.home / "dags" / "prod.env").write_text("KEY=1")
    (event,) = running.react()
    assert event.wrong
    assert "it looks like a secret" in event.where


def test_what_airflow_says_later_is_told(running: Development, airflow: Airflow) -> None:
    """For a while after a change: it parses again what others use."""
    airflow.newer = [Parsed(file="other.py", seconds=0, error="NameError: x")]
    assert list(running.look()) == []
    list(running.react())
    (event,) = running.look()
    assert (event.where, event.wrong) == ("dags/other.py", True)


def test_what_airflow_says_after_a_long_deploy_is_told(
    running: Development, airflow: Airflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rebuild of the image may take minutes, and files are parsed when it is done."""
    moments = iter([1000.0, 1400.0, 1401.0])
    monkeypatch.setattr(development, "time", SimpleNamespace(time=lambda: next(moments)))
    running.project.yaml.write_text("name: other\n")
    list(running.react())
    airflow.newer = [Parsed(file="other.py", seconds=0, dags=("other",))]
    assert len(list(running.look())) == 1
