"""A cached result holds only while everything that it depends on is unchanged."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.compiling.compile_cache import cache_key, load_result, program_files, programs, result_of, store_result

CHECKOUT = Path(__file__).parents[3]
READ_BY_COMPILE = """
import os, sys
opened = set()
sys.addaudithook(lambda event, given: event == "open" and opened.add(str(given[0])))
sys.argv[1:] = ["compile", "env.yaml", "--output", "out", "--no-lint"]
from windsock.command import main
code = main()
opened |= {module.__file__ for module in list(sys.modules.values()) if getattr(module, "__file__", None)}
print(*(os.path.realpath(name) for name in opened), sep="\\n")
sys.exit(code)
"""
"""Compiles, and prints the files that it reads; byte code stands for the module that it was made of."""

FILES = {"root.yaml": "a\n", "network.yaml": "b\n"}


def test_a_stored_result_is_loaded_again(tmp_path: Path) -> None:
    """A stored result is found again."""
    result = result_of("demo", FILES, ["old"])
    store_result(tmp_path, "key", result)
    assert load_result(tmp_path, "key") == result


def test_a_changed_template_invalidates_the_result(tmp_path: Path) -> None:
    """A template that was changed, is missing or is new makes the result invalid."""
    result = result_of("demo", FILES, [])
    assert not result.holds(tmp_path / "nowhere")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    assert result.holds(tmp_path)
    (tmp_path / "README.md").write_text("of somebody else")
    assert result.holds(tmp_path)
    (tmp_path / "more.yaml").write_text("AWSTemplateFormatVersion: '2010-09-09'\nDescription: 'demo more: left over'\n")
    assert not result.holds(tmp_path)
    (tmp_path / "more.yaml").unlink()
    (tmp_path / "root.yaml").write_text("c\n")
    assert not result.holds(tmp_path)


def test_a_changed_settings_file_invalidates_the_result(tmp_path: Path) -> None:
    """A file on which the notices depend was changed, has gone, or has come."""
    (tmp_path / "templates").mkdir()
    settings = tmp_path / "settings.py"
    absent = result_of("demo", {}, [], [settings])
    settings.write_text("a")
    there = result_of("demo", {}, [], [settings])
    assert there.holds(tmp_path / "templates")
    assert not absent.holds(tmp_path / "templates")
    settings.write_text("b")
    assert not there.holds(tmp_path / "templates")
    settings.unlink()
    assert not there.holds(tmp_path / "templates")
    assert absent.holds(tmp_path / "templates")


def test_a_changed_home_invalidates_the_result(tmp_path: Path) -> None:
    """The notices tell of faults in the code: each new, changed or removed file of it counts, byte code does not."""
    (tmp_path / "templates").mkdir()
    home = tmp_path / "home"
    absent = result_of("demo", {}, [], [home])
    (home / "dags" / "__pycache__").mkdir(parents=True)
    (home / "dags" / "orders.py").write_text("a")
    there = result_of("demo", {}, [], [home])
    assert not absent.holds(tmp_path / "templates")
    (home / "dags" / "__pycache__" / "orders.pyc").write_text("a")
    assert there.holds(tmp_path / "templates")
    (home / "dags" / "more.py").write_text("b")
    assert not there.holds(tmp_path / "templates")
    (home / "dags" / "more.py").unlink()
    assert there.holds(tmp_path / "templates")
    (home / "dags" / "orders.py").write_text("changed")
    assert not there.holds(tmp_path / "templates")
    (home / "dags" / "link.py").symlink_to("nowhere")
    assert not there.holds(tmp_path / "templates")


def test_a_damaged_cache_is_ignored(tmp_path: Path) -> None:
    """An unreadable cache, or one that cannot be written, counts as none."""
    for rubbish in ("", "[]", "{}", '{"name": 1}', "\x00"):
        (tmp_path / "key.json").write_text(rubbish)
        assert load_result(tmp_path, "key") is None
    store_result(tmp_path / "key.json", "key", result_of("demo", FILES, []))


def test_the_key_follows_the_file_and_the_options(tmp_path: Path) -> None:
    """The key changes with the file and with the option for lint; an unreadable file has none."""
    path = tmp_path / "env.yaml"
    path.write_text("a")
    first = cache_key(path, linted=True)
    assert first == cache_key(path, linted=True)
    assert first != cache_key(path, linted=False)
    path.write_text("b")
    assert first != cache_key(path, linted=True)
    assert cache_key(tmp_path / "none.yaml", linted=True) is None
    assert cache_key(Path("a\0b"), linted=True) is None


def test_a_path_that_is_no_text_has_a_key(tmp_path: Path) -> None:
    """A name in bytes of another encoding than the locale's is a name too."""
    file = tmp_path / os.fsdecode(b"s\xf6ck.yaml")
    file.write_text("name: demo\n")
    assert cache_key(file, linted=False)


def _key_of_a_new_process(environment: Path, here: Path) -> str | None:
    programs.cache_clear()
    return cache_key(environment, linted=False, here=here)


def _write(file: Path) -> None:
    file.write_text("changed", encoding="utf-8")


def _touch(file: Path) -> None:
    os.utime(file, (0, 0))


def _add(file: Path) -> None:
    file.with_stem("one_more").write_text("")


@pytest.mark.parametrize("change", [_write, _touch, _add, Path.unlink])
@pytest.mark.parametrize("file", ["cli/x.py", "compiler/a/b/x.json", "deployer/x.py", "pricing/x.yaml", "spec/a/x.py"])
def test_the_key_follows_every_program_and_its_facts(tmp_path: Path, file: str, change: Callable[[Path], None]) -> None:
    """A checkout may change without another version: then what it found before counts no more."""
    environment = tmp_path / "env.yaml"
    environment.write_text("name: demo")
    for name in ("cli", "compiler/a/b", "deployer/__pycache__", "pricing", "spec/a"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("cli/x.py", "compiler/a/b/x.json", "deployer/x.py", "pricing/x.yaml", "spec/a/x.py"):
        (tmp_path / name).write_text("as it was")
    before = _key_of_a_new_process(environment, tmp_path)
    (tmp_path / "deployer/__pycache__/x.py").write_text("no program")
    assert _key_of_a_new_process(environment, tmp_path) == before
    change(tmp_path / file)
    assert cache_key(environment, linted=False, here=tmp_path) == before, "it compiles with what it has loaded"
    assert _key_of_a_new_process(environment, tmp_path) != before


def test_compile_reads_nothing_of_windsock_that_the_key_does_not_follow(tmp_path: Path) -> None:
    """Its own programs and facts, those for the budget and for faults in the code among them.

    And it asks no other package whether it has a plugin for pydantic, which might judge a YAML in its own way.
    """
    for name in ("airflow_home", "docker"):
        shutil.copytree(CHECKOUT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    text = (CHECKOUT / "env.example.yaml").read_text(encoding="utf-8")
    (tmp_path / "env.yaml").write_text(f"{text}\ncost: {{monthly_limit: 1}}\n", encoding="utf-8")
    variables = {**os.environ, "PYTHONPATH": str(CHECKOUT), "WINDSOCK_CACHE": str(tmp_path / "cache")}
    ran = subprocess.run(
        [sys.executable, "-c", READ_BY_COMPILE], cwd=tmp_path, env=variables, check=True, capture_output=True, text=True
    )
    assert "cost.monthly_limit is 1" in ran.stderr
    assert ".dist-info" not in ran.stdout
    own = {Path(line) for line in ran.stdout.splitlines() if line.startswith(f"{CHECKOUT}{os.sep}")}
    packages = {file for file in own if file.relative_to(CHECKOUT).parts[0] not in {".venv", "windsock.egg-info"}}
    read = {file for file in packages if file.suffix != ".pyc" and file.is_file()}
    followed = {Path(entry.path) for entry in program_files(CHECKOUT)}
    assert CHECKOUT / "pricing/prices.yaml" in read
    assert {file.parent.name for file in read - followed} <= {"windsock"}
