"""`windsock init`: a file to start from, and nothing overwritten."""

from pathlib import Path

import pytest

from cli.compiling import starter
from tests.cli.shell import Windsock


def test_init_writes_a_valid_file(windsock: Windsock, checkout: Path) -> None:
    """The file compiles at once; stdout has its name, stderr the next step."""
    ran = windsock("init", "new.yaml")
    assert (ran.code, ran.out) == (0, "new.yaml\n")
    assert "windsock compile new.yaml" in ran.err
    assert (checkout / "new.yaml").read_text().startswith("# yaml-language-server: $schema=")
    assert windsock("compile", "--no-lint", "new.yaml").code == 0


def test_init_overwrites_nothing(windsock: Windsock, checkout: Path) -> None:
    """A file that exists stays as it is."""
    before = (checkout / "env.yaml").read_text()
    ran = windsock("init")
    assert ran.code == 1
    assert "env.yaml exists" in ran.err
    assert (checkout / "env.yaml").read_text() == before


def test_init_in_a_folder_writes_env_yaml(windsock: Windsock, checkout: Path) -> None:
    """A folder that does not exist is not made."""
    (checkout / "prod").mkdir()
    assert windsock("init", "prod").out == "prod/env.yaml\n"
    ran = windsock("init", "none/env.yaml")
    assert ran.code == 1
    assert "mkdir -p none" in ran.err


def test_a_failing_starter_leaves_no_file(windsock: Windsock, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The failure names the file that is missing, not the folder, and a second try meets no empty file."""
    with monkeypatch.context() as broken:
        broken.setattr(starter, "_TEMPLATE", checkout / "starter.yaml.j2")
        ran = windsock("init", "new.yaml")
    assert ran.code == 1
    assert "starter.yaml.j2" in ran.err
    assert "mkdir" not in ran.err
    assert not (checkout / "new.yaml").exists()
    assert windsock("init", "new.yaml").code == 0


def test_a_path_that_the_locale_cannot_read_is_written_as_it_is(
    windsock: Windsock, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the locale knows only ASCII, Python keeps the bytes of an umlaut as surrogates."""
    monkeypatch.setattr(starter, "_SCHEMA", checkout / "s\udcc3\udcb6ck" / "environment.schema.json")
    assert windsock("init", "new.yaml").code == 0
    assert "$schema=söck/environment.schema.json\n" in (checkout / "new.yaml").read_text(encoding="utf-8")
