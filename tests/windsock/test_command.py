"""The command of a wheel: it runs in an empty folder, and the environment around it gets no name but `windsock`."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from cli.terminal.cache_dir import cache_root
from deployer.release.image_context import ImageContext
from rehearsal.emulator.rules import fake_clock
from rehearsal.session import launch
from spec.reading.load import load
from spec.releases.table import NEWEST, RELEASES

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")
FLOORS = ("spec", "pricing", "compiler", "deployer", "rehearsal", "acceptance", "cli", "runtime")
SHIPPED = ("docker", "airflow_home")
SOURCES = ("setup.py", "pyproject.toml", "README.md", "LICENSE", "windsock", *FLOORS, *SHIPPED)
THEIRS = "raise SystemExit('this is the spec of somebody else')\n"

DAG = """
from datetime import datetime

from airflow.decorators import dag, task


@dag(schedule=None, start_date=datetime(2026, 1, 1))
def mine():
    @task
    def work():
        print("work")

    work()


mine()
"""

FIND_EMULATOR = f"""
import pathlib, subprocess, sys
from windsock import command
sys.path.insert(0, command.__file__.removesuffix("command.py"))
from {launch.__name__} import {launch.make_folders.__name__} as make_folders
make_folders(pathlib.Path("session").absolute())
code = dict(PYTHONPATH=str(pathlib.Path("session/code").absolute()))
subprocess.run([sys.executable, "-S", "-c", "import {fake_clock.__name__}"], env=code, check=True)
"""


READ_PINS = f"""
import pathlib, sys
from windsock import command
sys.path.insert(0, command.__file__.removesuffix("command.py"))
from {load.__module__} import load
from {ImageContext.__module__} import ImageContext
yaml = pathlib.Path("env.yaml")
text = yaml.read_text()
for version, python in (word.split("/") for word in sys.argv[1:]):
    changed = text.replace("version: {NEWEST.version}", "version: " + version)
    yaml.write_text(changed.replace('python: "{NEWEST.python}"', f'python: "{{python}}"'))
    context = ImageContext.of(load(yaml), pathlib.Path())
    context.check()
    print(*context.constraints_text.split())
"""
"""Reads the pins of releases and Pythons, with nothing changed but the YAML."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the checkout; the index is not asked for anything."""
    copy = tmp_path_factory.mktemp("copy")
    for name in SOURCES:
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, copy / name)
    _run(UV, "build", "--wheel", "--offline", "--no-build-isolation", "--python", sys.executable, cwd=copy)
    (built,) = (copy / "dist").glob("*.whl")  # beside a .gitignore
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an environment of its own, beside a `spec` of somebody else; return its `bin`."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    _run(UV, "venv", "--offline", "--python", sys.executable, venv, cwd=venv.parent)
    target = ("--python", venv / "bin" / "python")
    _run(UV, "pip", "install", "--offline", "--no-deps", *target, wheel, cwd=venv.parent)
    (packages,) = venv.glob("lib/*/site-packages")
    (packages / "spec.py").write_text(THEIRS, encoding="utf-8")
    return venv / "bin"


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    """Templates, tables, locks and scripts too, all of them below `windsock/`."""
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"windsock/{path.relative_to(ROOT)}"
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert wanted <= held
    assert {name.partition("/")[0].partition("-")[0] for name in held} == {"windsock"}


def test_the_command_works_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    """From nothing to a project that compiles, also from a folder within, and the verbs that need no project."""
    assert _run(installed / "windsock", "init", cwd=tmp_path).splitlines()[-1] == "env.yaml"
    _run(installed / "windsock", "compile", "--check", cwd=tmp_path / "airflow_home" / "dags")
    for arguments in (("cost",), ("compose",), ("schema",), ("versions",)):
        assert _run(installed / "windsock", *arguments, cwd=tmp_path)
    assert not (tmp_path / "airflow_home" / "dags" / "templates_out").exists()


def test_a_release_changed_by_hand_finds_the_pins_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    """A new project has those of one release; any other in its YAML needs no other file."""
    _run(installed / "windsock", "init", cwd=tmp_path)
    every = [(release.version, python) for release in RELEASES.values() for python in release.pythons]
    told = _run(installed / "python", "-c", READ_PINS, *map("/".join, every), cwd=tmp_path)
    for (version, _), pins in zip(every, told.splitlines(), strict=True):
        assert f"apache-airflow=={version}" in pins.split()
    assert [file.name for file in (tmp_path / "docker" / "constraints").iterdir()] == [NEWEST.lock(NEWEST.python)]


@pytest.mark.airflow
def test_a_project_of_an_installed_windsock_lives_and_ends(installed: Path, tmp_path: Path) -> None:
    """Rehearse and keep a DAG that was written there, change nothing by another deploy, and take all of it down."""
    command, cache = installed / "windsock", str(cache_root(os.environ))
    _run(command, "init", cwd=tmp_path)
    yaml = tmp_path / "env.yaml"  # under a name of its own: the cache, with what is kept, is that of this machine
    yaml.write_text(yaml.read_text(encoding="utf-8").replace("my-airflow", "out-of-a-wheel"), encoding="utf-8")
    _run(command, "compile", cwd=tmp_path)
    (tmp_path / "airflow_home" / "dags" / "mine.py").write_text(DAG, encoding="utf-8")
    ports = ("--port", "0", "--endpoint-port", "0")
    try:
        kept = _run(command, "rehearse", "--keep", "--dag", "mine", *ports, cwd=tmp_path, WINDSOCK_CACHE=cache)
        variables = {**dict(re.findall(r"^export (\w+)=(\S+)$", kept, re.MULTILINE)), "WINDSOCK_CACHE": cache}
        deployed = json.loads(_run(command, "deploy", "--yes", "--json", cwd=tmp_path, **variables))
        assert not deployed["changed"]
        pushed = json.loads(_run(command, "push", "--json", cwd=tmp_path, **variables))
        assert pushed["uploaded"] == {"put": [], "deleted": []}
        report = json.loads(_run(command, "teardown", "--yes", "--json", cwd=tmp_path, **variables))
        assert report["deleted"]
        assert report["kept"] == []
    finally:
        _run(command, "rehearse", "--stop", cwd=tmp_path, WINDSOCK_CACHE=cache)


@pytest.mark.parametrize("name", sorted({*FLOORS} - {"spec"}))
def test_other_programs_find_no_package_of_ours(installed: Path, tmp_path: Path, name: str) -> None:
    """A name such as `compiler` stays free for whoever shares the environment."""
    found = _run(installed / "python", "-c", f"import importlib.util as u; print(u.find_spec({name!r}))", cwd=tmp_path)
    assert found == "None\n"


def test_other_programs_find_their_own_package(installed: Path, tmp_path: Path) -> None:
    """The `spec` of somebody else, which the command in turn does not meet."""
    theirs = subprocess.run([installed / "python", "-c", "import spec"], cwd=tmp_path, check=False, capture_output=True)
    assert b"somebody else" in theirs.stderr


def test_the_emulator_finds_its_code(installed: Path, tmp_path: Path) -> None:
    """A session of an installed Windsock shows the emulator the rehearsal package under its own name."""
    _run(installed / "python", "-c", FIND_EMULATOR, cwd=tmp_path)


def _run(*command: str | Path, cwd: Path, **variables: str) -> str:
    """Run a command that finds the libraries of this environment, but not this checkout; return what it printed."""
    libraries = sysconfig.get_path("purelib")  # its .pth files, which lead to this checkout, are not read from there
    done = subprocess.run(
        command,
        cwd=cwd,
        env={
            **os.environ,
            "PYTHONPATH": libraries,
            "WINDSOCK_CACHE": str(cwd),
            "UV_PYTHON_DOWNLOADS": "never",
            **variables,
        },
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
