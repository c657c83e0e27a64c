"""Tests of building virtual environments, with a tiny package from a folder in place of a package index."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rehearsal.host.errors import RehearsalFailure
from rehearsal.images.virtualenvs import Source, Virtualenv

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
WHEEL = {
    "windvane.py": "def main():\n    print('west')\n",
    "windvane-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: windvane\nVersion: 1.0\n",
    "windvane-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "windvane-1.0.dist-info/entry_points.txt": "[console_scripts]\nwindvane = windvane:main\n",
    "windvane-1.0.dist-info/RECORD": "",
}
BACKEND = """
import os, zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    facts = "Metadata-Version: 2.1\\nName: sextant\\nVersion: 1.0\\n"
    tags = "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    with zipfile.ZipFile(os.path.join(folder, "sextant-1.0-py3-none-any.whl"), "w") as wheel:
        wheel.writestr("sextant.py", os.environ["SEXTANT"])
        wheel.writestr("sextant-1.0.dist-info/METADATA", facts)
        wheel.writestr("sextant-1.0.dist-info/WHEEL", tags)
        wheel.writestr("sextant-1.0.dist-info/RECORD", "")
    return "sextant-1.0-py3-none-any.whl"
"""

Builder = Callable[[], Path]


@pytest.fixture
def requirements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a requirements file whose one package lies in a folder beside it."""
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    with zipfile.ZipFile(tmp_path / "windvane-1.0-py3-none-any.whl", "w") as wheel:
        for name, text in WHEEL.items():
            wheel.writestr(name, text)
    file = tmp_path / "requirements.txt"
    file.write_text(f"--no-index\n--find-links {tmp_path}\nwindvane\n")
    return file


@pytest.fixture
def builder(tmp_path: Path, requirements: Path) -> Builder:
    """Return a build of the tiny virtualenv in a cache of its own."""
    return lambda: Virtualenv(name="tiny", python=PYTHON, requirements=[requirements], cache=tmp_path / "cache").build()


def _leftovers(cache: Path) -> list[str]:
    return [entry.name for entry in cache.iterdir() if entry.name.endswith(".partial")]


def test_scripts_of_a_finished_environment_run(builder: Builder) -> None:
    """A script of the environment finds its interpreter, though the environment got its name after it was made."""
    environment = builder()
    done = subprocess.run([environment / "bin" / "windvane"], check=True, capture_output=True, text=True)
    assert done.stdout == "west\n"


def test_an_environment_is_compiled_and_readable_by_all_users(builder: Builder) -> None:
    """Modules are compiled ahead of the first start, and any user may read them."""
    environment = builder()
    (module,) = environment.glob("lib/python*/site-packages/windvane.py")
    assert list(module.parent.glob("__pycache__/windvane.*.pyc"))
    assert all(path.stat().st_mode & 0o004 for path in (environment, module))


def test_the_same_inputs_build_one_environment(builder: Builder) -> None:
    """The same inputs give the environment that is there, untouched."""
    environment = builder()
    (environment / "mark").touch()
    assert builder() == environment
    assert (environment / "mark").exists()


def test_other_inputs_give_another_environment(builder: Builder, requirements: Path, tmp_path: Path) -> None:
    """A constraint more is another environment; nothing is installed over the old one."""
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("windvane==1.0\n")
    other = Virtualenv(
        name="tiny", python=PYTHON, requirements=[requirements], constraints=constraints, cache=tmp_path / "cache"
    ).build()
    assert other != builder()


def test_a_compiled_requirement_gets_the_builds_variables(requirements: Path, tmp_path: Path) -> None:
    """A source has an environment of its own, in which its build ran with the variables that it came with."""
    project = tmp_path / "sextant"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        '[project]\nname = "sextant"\nversion = "1.0"\n'
    )
    (project / "backend.py").write_text(BACKEND)
    wanted = tmp_path / "sextant.txt"
    wanted.write_text(str(project))
    source = Source(wanted, lambda: {"SEXTANT": "brass"})
    cache = tmp_path / "cache"
    environment = Virtualenv(
        name="tiny", python=PYTHON, requirements=[requirements], cache=cache, sources=[source]
    ).build()
    (module,) = environment.glob("lib/python*/site-packages/sextant.py")
    assert module.read_text() == "brass"
    assert environment != Virtualenv(name="tiny", python=PYTHON, requirements=[requirements], cache=cache).build()


def test_two_builders_at_once_share_one_environment(builder: Builder) -> None:
    """Whoever comes second waits and gets what the first one built."""
    with ThreadPoolExecutor() as pool:
        first, second = pool.submit(builder), pool.submit(builder)
    assert first.result() == second.result()
    assert _leftovers(first.result().parent) == []


def test_a_killed_builders_remains_are_replaced(builder: Builder, tmp_path: Path) -> None:
    """Half an environment under the temporary name, as SIGKILL leaves it, is swept away."""
    environment = builder()
    environment.rename(environment.with_name(environment.name + ".partial"))
    assert builder() == environment
    assert (environment / "bin" / "windvane").exists()
    assert _leftovers(tmp_path / "cache") == []


def test_an_environment_without_its_python_is_rebuilt(builder: Builder) -> None:
    """An environment whose interpreter was uninstalled is no environment."""
    environment = builder()
    (environment / "bin" / "python").unlink()
    builder()
    assert (environment / "bin" / "python").exists()


def test_a_silent_index_is_reported_with_environment_and_reason(
    tmp_path: Path, requirements: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a package index the failure carries uv's words, and nothing half-made stays."""
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    requirements.write_text("--index-url http://127.0.0.1:9/simple\nwindvane\n", encoding="utf-8")
    with pytest.raises(RehearsalFailure) as failure:
        Virtualenv(name="tiny", python=PYTHON, requirements=[requirements], cache=tmp_path / "cache").build()
    assert "The Python environment tiny-" in failure.value.what
    assert "127.0.0.1:9" in failure.value.why
    assert [entry.suffix for entry in (tmp_path / "cache").iterdir()] == [".lock"]


def test_a_missing_requirements_file_is_named(tmp_path: Path) -> None:
    """A requirements file that is not there is named."""
    with pytest.raises(RehearsalFailure, match=r"absent\.txt cannot be read"):
        Virtualenv(name="tiny", python=PYTHON, requirements=[tmp_path / "absent.txt"], cache=tmp_path).build()


def test_a_cache_that_cannot_be_written_is_named(requirements: Path, tmp_path: Path) -> None:
    """A cache that is a file, say, is named."""
    cache = tmp_path / "cache"
    cache.write_text("")
    with pytest.raises(RehearsalFailure, match=r"cache cannot be written"):
        Virtualenv(name="tiny", python=PYTHON, requirements=[requirements], cache=cache).build()


def test_a_changed_file_that_the_requirements_name_gives_another_environment(tmp_path: Path) -> None:
    """Its wheels are relative to the folder of the requirements, wherever this process works."""
    folder = _folder_with_wheel(tmp_path)
    (folder / "requirements.txt").write_text("--no-index\n-r team.txt\n")
    (folder / "team.txt").write_text("./windvane-1.0-py3-none-any.whl\n")

    def built() -> Path:
        files = [folder / "requirements.txt"]
        named = [folder / "team.txt"]
        return Virtualenv(name="team", python=PYTHON, requirements=files, cache=tmp_path / "cache", named=named).build()

    before = built()
    assert list(before.glob("lib/*/site-packages/windvane.py"))
    (folder / "team.txt").write_text("# nothing\n")
    after = built()
    assert after != before
    assert not list(after.glob("lib/*/site-packages/windvane.py"))


def test_an_environment_is_found_when_it_is_built(tmp_path: Path, requirements: Path) -> None:
    """Under the same inputs alone; nothing is built by looking."""

    def found(*files: Path) -> Path | None:
        return Virtualenv(name="tiny", python=PYTHON, requirements=files, cache=tmp_path / "cache").find()

    assert found(requirements) is None
    built = Virtualenv(name="tiny", python=PYTHON, requirements=[requirements], cache=tmp_path / "cache").build()
    assert found(requirements) == built
    assert found(requirements, requirements) is None


def _folder_with_wheel(tmp_path: Path) -> Path:
    folder = tmp_path / "docker"
    folder.mkdir()
    with zipfile.ZipFile(folder / "windvane-1.0-py3-none-any.whl", "w") as wheel:
        for name, text in WHEEL.items():
            wheel.writestr(name, text)
    return folder
