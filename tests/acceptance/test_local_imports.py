"""DAG files are imported on this machine before a deploy makes anything, and only certain errors stop it."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from acceptance import local_imports
from acceptance.images.airflow_virtualenv import build_airflow
from acceptance.local_imports import LocalImports
from cli.terminal.cache_dir import cache_root
from deployer.release.airflow_home import CodeRefusal, check_code
from rehearsal.host.errors import RehearsalFailure
from spec.environment import Environment
from spec.releases.table import Release
from tests.deployer.fakes.environment import environment, write_home
from tests.deployer.fakes.session import Recorder
from tests.releases_in_ci import EVERY_RELEASE

ROOT = Path(__file__).parents[2]
MISSING = """Traceback (most recent call last):
  File "HOME/dags/team/orders.py", line 3, in <module>
    import humanize
ModuleNotFoundError: No module named 'humanize'
"""
VARIABLE = """Traceback (most recent call last):
  File "HOME/dags/late.py", line 5, in <module>
    Variable.get("late")
KeyError: 'Variable late does not exist'
"""
END = {"kind": "dag_file", "end": True}

Says = Callable[..., None]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project: a home, and the folder of an image with Windsock's own Dockerfile."""
    folder = tmp_path / "project"
    folder.mkdir()
    write_home(folder / "airflow_home")
    (folder / "docker").symlink_to(ROOT / "docker")
    return folder


@pytest.fixture
def says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Says:
    """Return a function that puts a Python in the place of the image, which prints lines whatever it is to run."""
    program = tmp_path / "virtualenv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    monkeypatch.setattr(local_imports, "find_airflow", lambda *_: tmp_path / "virtualenv")

    def say(*lines: object) -> None:
        text = "\n".join(json.dumps(line) for line in lines)
        said = tmp_path / "said"
        said.write_text(text)
        program.write_text(
            f'#!/bin/sh\necho run >> {tmp_path}/runs\nsed "s|HOME|$AIRFLOW_HOME|" {said}\nenv > {tmp_path}/variables\n'
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    return say


def _imports(project: Path, env: Environment | None = None, **more: bool) -> tuple[LocalImports, Recorder]:
    progress = Recorder()
    return LocalImports(
        env=env or environment(), project=project, cache=project.parent / "cache", progress=progress, **more
    ), progress


def _check(imports: LocalImports, *, build: bool = False) -> None:
    imports.check(check_code(imports.project / "airflow_home", imports.env.airflow.ignore_syntax), build=build)


def _runs(project: Path) -> int:
    return len((project.parent / "runs").read_text().splitlines())


def test_a_module_that_the_image_lacks_is_refused(project: Path, says: Says) -> None:
    """With file and line, the requirement to add, and the option that deploys in spite of it."""
    says({"kind": "dag_file", "file": "team/orders.py", "error": MISSING}, END)
    imports, _ = _imports(project)
    with pytest.raises(CodeRefusal) as refusal:
        _check(imports)
    assert refusal.value.what == "Airflow 2.5.3 cannot import 1 of the DAG files; nothing was changed."
    assert refusal.value.why.splitlines() == [
        "dags/team/orders.py:3: ModuleNotFoundError: No module named 'humanize'",
        f"Add to {project}/docker/requirements.txt: humanize",
    ]
    assert "--ignore-import-errors" in refusal.value.next_step


def test_errors_that_are_meant_are_told_alone(project: Path, says: Says) -> None:
    """Every run tells them: only code without an error is known to have none."""
    says({"kind": "dag_file", "file": "team/orders.py", "error": MISSING}, END)
    for _ in range(2):
        imports, progress = _imports(project, tolerant=True)
        _check(imports)
        assert "dags/team/orders.py:3: ModuleNotFoundError" in "\n".join(progress.notes)
    assert _runs(project) == 2


def test_what_may_be_there_on_aws_is_no_reason_to_stop(project: Path, says: Says) -> None:
    """A variable of Airflow is in a database, which this machine does not have."""
    says({"kind": "dag_file", "file": "late.py", "error": VARIABLE}, END)
    imports, progress = _imports(project)
    _check(imports)
    assert progress.notes == ["Failed on this machine: dags/late.py:5: KeyError: 'Variable late does not exist'"]


def test_an_image_with_instructions_of_its_own_may_have_the_module(project: Path, says: Says) -> None:
    """Only its build could tell."""
    (project / "docker").unlink()
    (project / "docker").mkdir()
    (project / "docker" / "Dockerfile").write_text(
        (ROOT / "docker" / "Dockerfile").read_text() + "RUN pip install humanize\n"
    )
    says({"kind": "dag_file", "file": "team/orders.py", "error": MISSING}, END)
    imports, progress = _imports(project)
    _check(imports)
    assert "ModuleNotFoundError" in progress.notes[0]


def test_code_without_errors_is_looked_at_once(project: Path, says: Says) -> None:
    """Until it, the packages or the variables are others."""
    says({"kind": "dag_file", "file": "a.py", "dags": ["a"]}, END)
    for _ in range(2):
        _check(_imports(project)[0])
    assert _runs(project) == 1
    (project / "airflow_home" / "dags" / "another.py").write_text("x = 1\n")
    _check(_imports(project)[0])
    assert _runs(project) == 2
    env = environment()
    airflow = env.airflow.model_copy(update={"env_vars": {"STAGE": "prod"}})
    _check(_imports(project, env.model_copy(update={"airflow": airflow}))[0])
    assert _runs(project) == 3
    assert "STAGE=prod" in (project.parent / "variables").read_text().splitlines()


def test_the_files_get_no_credentials(project: Path, says: Says, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither variables nor files of this user: what a file does while it is imported, it does not do on AWS."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_PROFILE", "admin")
    says(END)
    _check(_imports(project)[0])
    given = dict(line.partition("=")[::2] for line in (project.parent / "variables").read_text().splitlines())
    assert not {"AWS_ACCESS_KEY_ID", "AWS_PROFILE"} & given.keys()
    assert given["AWS_EC2_METADATA_DISABLED"] == "true"
    assert given["HOME"] != os.environ["HOME"]


def test_a_program_that_breaks_off_stops_nothing(project: Path, says: Says) -> None:
    """It is told that only the syntax is known."""
    says({"kind": "dag_file", "file": "team/orders.py", "error": MISSING})
    imports, progress = _imports(project)
    _check(imports)
    (note,) = progress.notes
    assert note.startswith(
        "Only the syntax of the DAG files was looked at. Airflow does not parse them on this machine:"
    )


def test_an_environment_that_is_not_here_is_built_only_where_it_is_worth_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first resource, or services stop; and a machine that cannot build it says so and goes on."""

    def fail(*_: object) -> Path:
        raise RehearsalFailure("The package index does not answer.", "It is offline.")

    monkeypatch.setattr(local_imports, "find_airflow", lambda *_: None)
    monkeypatch.setattr(local_imports, "build_airflow", fail)
    imports, progress = _imports(project)
    _check(imports)
    (note,) = progress.notes
    assert note.startswith("Only the syntax of the DAG files was looked at. `windsock rehearse` would put")
    imports, progress = _imports(project)
    _check(imports, build=True)
    assert progress.notes == [
        "Installing Airflow 2.5.3 with the packages of the image here, once.",
        "Only the syntax of the DAG files was looked at. The package index does not answer. It is offline.",
    ]


@pytest.mark.airflow
@pytest.mark.parametrize("release", EVERY_RELEASE, ids=lambda release: release.version)
def test_every_release_imports_files_as_its_cluster_does(release: Release, project: Path) -> None:
    """Modules of plugins, config and include are found, a database is not needed, and what is missing is refused."""
    env = environment()
    airflow = env.airflow.model_copy(update={"version": release.version, "python": release.python})
    env = env.model_copy(update={"airflow": airflow})
    cache = cache_root(os.environ)
    build_airflow(env, project, cache / "environments")
    home = project / "airflow_home"
    for folder in ("plugins", "config", "include"):
        (home / folder).mkdir(exist_ok=True)
    (home / "plugins" / "of_plugins.py").write_text("X = 1\n")
    (home / "config" / "of_config.py").write_text("X = 1\n")
    (home / "include" / "of_include.py").write_text("X = 1\n")
    imports = ("of_plugins", "of_config", "include.of_include", "airflow")
    (home / "dags" / "sound.py").write_text("".join(f"import {name}\n" for name in imports) + "# a DAG\n")
    progress = Recorder()
    local = LocalImports(env=env, project=project, cache=project.parent / "cache", progress=progress)
    (local.cache).mkdir()
    (local.cache / "environments").symlink_to(cache / "environments")
    _check(local)
    assert progress.notes == []
    (home / "dags" / "broken.py").write_text("from airflow import DAG\n\nimport humanize_nothing\n")
    (home / "dags" / "late.py").write_text("import os\nfrom airflow import DAG\n\nos.environ['NOT_HERE']\n")
    with pytest.raises(CodeRefusal, match="No module named 'humanize_nothing'") as refusal:
        _check(local)
    assert refusal.value.why.startswith("dags/broken.py:3: ")
    assert progress.notes == ["Failed on this machine: dags/late.py:4: KeyError: 'NOT_HERE'"]
