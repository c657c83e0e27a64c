"""Every DAG file is parsed by a container of its own, and what cannot be imported is told with its line."""

from pathlib import Path

import pytest

from acceptance.dag_files import (
    DagFiles,
    import_errors,
    parse_dag_files,
    refuse_import_errors,
)
from acceptance.logins.password import PasswordLogin
from acceptance.steps import StepRefusal
from acceptance.target import Target
from tests.deployer.fakes.environment import World, environment
from tests.deployer.fakes.late_logs import late_world

END = {"kind": "dag_file", "end": True}
TRACEBACK = """Traceback (most recent call last):
  File "/opt/airflow/dags/team/orders.py", line 3, in <module>
    import humanize
ModuleNotFoundError: No module named 'humanize'
"""


def _target(*said: object) -> tuple[Target, World]:
    world, outputs = late_world(*said)
    session = world.session.as_session
    target = Target(
        env=environment(), session=session, outputs=outputs, web_url="", home=Path(), login=PasswordLogin(environment())
    )
    return target, world


def test_a_container_of_its_own_parses_the_files() -> None:
    """With the deployed image; what DAG files print in between does not count."""
    line = {"kind": "dag_file", "file": "a.py", "dags": ["one", "two"], "tagged": ["two"]}
    broken = {"kind": "dag_file", "file": "b.py", "error": "NameError: x"}
    target, world = _target(line, "a banner", "[1]", {"message": "parsing"}, broken, END)
    assert parse_dag_files(target.env, target.session, target.outputs) == DagFiles(
        {"one": "a.py", "two": "a.py"}, {"b.py": "NameError: x"}, ("two",)
    )
    ((definition, script),) = world.session.ecs.runs
    assert definition == "command:1"
    assert script.endswith("python -m windsock_runtime.parse_dags")


def test_a_missing_package_is_named_with_the_line_that_imports_it() -> None:
    """And the line to add, and where."""
    with pytest.raises(StepRefusal) as refusal:
        refuse_import_errors(DagFiles({}, {"team/orders.py": TRACEBACK}), "image/requirements.txt")
    assert refusal.value.why == "dags/team/orders.py:3: ModuleNotFoundError: No module named 'humanize'"
    assert refusal.value.next_step.startswith("Add to image/requirements.txt")
    assert refusal.value.next_step.splitlines()[1:] == ["humanize"]


def test_a_broken_module_that_a_file_imports_is_named_with_its_own_line() -> None:
    """The line is one of the module, and not of the file."""
    module = TRACEBACK.replace("import humanize\n", "import shared\n").replace(
        "Module", '  File "/opt/airflow/plugins/shared.py", line 7, in <module>\n    import humanize\nModule', 1
    )
    (line,) = import_errors(DagFiles({}, {"team/orders.py": module}), "requirements.txt")[:1]
    assert line == "dags/team/orders.py, plugins/shared.py:7: ModuleNotFoundError: No module named 'humanize'"


def test_every_broken_file_is_named() -> None:
    """Also one whose error has no line, and one that says nothing."""
    with pytest.raises(StepRefusal) as refusal:
        refuse_import_errors(DagFiles({}, {"a.py": "NameError: x", "b.py": ""}), "requirements.txt")
    assert refusal.value.what == "Airflow cannot import 2 of the DAG files."
    assert refusal.value.why.splitlines() == ["dags/a.py: NameError: x", "dags/b.py: It says nothing more."]
    assert refusal.value.next_step == "Repair the files and rehearse again."


def test_broken_files_are_lines_with_one_for_what_is_missing() -> None:
    """As a push tells them."""
    files = DagFiles({}, {"a.py": "No module named 'yaml.nodes'", "b.py": "NameError: x"})
    assert import_errors(files, "docker/requirements.txt") == (
        "dags/a.py: No module named 'yaml.nodes'",
        "dags/b.py: NameError: x",
        "Add to docker/requirements.txt: PyYAML",
    )
    assert import_errors(DagFiles({}, {}), "docker/requirements.txt") == ()


def test_without_broken_files_all_is_well() -> None:
    """Nothing is refused."""
    refuse_import_errors(DagFiles({"one": "a.py"}, {}), "requirements.txt")
