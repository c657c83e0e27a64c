"""`windsock dev`: what it watches and prints; whole lives of it are in tests/life."""

import io
import json
import threading
from argparse import Namespace
from pathlib import Path

from acceptance.development.events import Event
from acceptance.development.project import Project
from cli.command_line.verb import Call
from cli.compiling.compiled import compile_yaml
from cli.terminal.screen import Screen
from cli.verbs.dev import _changes, _compile, _tell
from tests.cli.shell import Windsock


def _call(err: io.StringIO, **options: object) -> Call:
    screen = Screen(out=io.StringIO(), err=err, answers=None, colour=False, live=False)
    return Call(screen, Namespace(**options), {})


def test_a_refused_yaml_starts_nothing(windsock: Windsock, checkout: Path, tmp_path: Path) -> None:
    """Its mistakes are printed as by compile."""
    (checkout / "env.yaml").write_text("name: demo\n")
    assert windsock("dev", "env.yaml").code == 2
    assert not (tmp_path / "cache" / "rehearsals").exists()


def test_what_it_compiles_looks_for_files_all_the_time(checkout: Path) -> None:
    """Unlike what is reviewed and deployed."""
    compiled = _compile(_call(io.StringIO(), env=str(checkout / "env.yaml"), branch=None))
    option = "AIRFLOW__SCHEDULER__PARSING_CLEANUP_INTERVAL"
    assert option in compiled.templates.files["services.yaml"]
    assert option not in compile_yaml(checkout / "env.yaml").templates.files["services.yaml"]


def test_changes_of_files_and_of_the_yaml_are_seen(tmp_path: Path) -> None:
    """A saved file wakes it, in new folders too; it looks twice a second whether the YAML was replaced."""
    (tmp_path / "home" / "dags").mkdir(parents=True)
    project = Project(yaml=tmp_path / "env.yaml", context=tmp_path / "docker", home=tmp_path / "home")
    changes = _changes(project)
    assert next(changes) is True, "what was saved before it watched would be overlooked"
    assert next(changes) is False
    project.yaml.write_text("name: demo\n")
    assert next(changes) is True
    assert next(changes) is False
    writer = threading.Timer(0.1, (project.home / "dags" / "orders.py").write_text, ["x"])
    writer.start()
    assert next(changes) is True
    writer.join(60)
    (project.home / "plugins").mkdir()
    assert next(changes) is False
    (project.home / "plugins" / "hello.py").write_text("x")
    assert next(changes) is True
    changes.close()  # type: ignore[attr-defined]  # it is a generator


def test_an_event_is_one_line_with_its_time() -> None:
    """Where, and what became of it."""
    err = io.StringIO()
    _tell(_call(err), iter([Event("dags/a.py", "parsed in 1.2 s: one"), Event("dags/b.py:3", "NameError", wrong=True)]))
    lines = [line.split("  ") for line in err.getvalue().splitlines()]
    assert [line[1:] for line in lines] == [["dags/a.py", "parsed in 1.2 s: one"], ["dags/b.py:3", "NameError"]]
    assert all(len(line[0]) == len("12:34:56") for line in lines)


def test_a_program_gets_each_event_as_json() -> None:
    """With all that a person reads."""
    out = io.StringIO()
    screen = Screen(out=out, err=None, answers=None, colour=False, live=False, events=True)
    _tell(Call(screen, Namespace(), {}), iter([Event("dags/b.py:3", "NameError", wrong=True)]))
    event = json.loads(out.getvalue())
    assert event.pop("time")
    assert event == {"event": "change", "where": "dags/b.py:3", "what": "NameError", "wrong": True}
