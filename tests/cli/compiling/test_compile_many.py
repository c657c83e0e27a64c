"""The work of `compile` for several environments at once: all of them, or none."""

import io
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.command_line.verb import Call
from cli.compiling.compile_many import compile_all
from cli.terminal.screen import Screen
from spec.errors import Refusal

EXAMPLE = (Path(__file__).parents[3] / "env.example.yaml").read_text()


@dataclass
class Desk:
    """A folder with YAMLs, and what a compile of them says."""

    folder: Path
    out: io.StringIO
    err: io.StringIO

    def compile(self, *names: str, check: bool = False) -> int:
        """Compile environments of these names without lint, and start with clean streams."""
        for stream in (self.out, self.err):
            stream.seek(0)
            stream.truncate()
        options = Namespace(output=self.folder / "out", no_lint=True, check=check, branch=None)
        screen = Screen(out=self.out, err=self.err, answers=None, colour=False, live=False)
        variables = {"WINDSOCK_CACHE": str(self.folder / "cache")}
        return compile_all(Call(screen, options, variables), [self.folder / f"{name}.yaml" for name in names]).code

    def write(self, name: str, old: str = "", new: str = "") -> None:
        """Write an environment of a name."""
        text = EXAMPLE.replace("name: demo", f"name: {name}", 1)
        (self.folder / f"{name}.yaml").write_text(text.replace(old, new) if old else text)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a folder with two environments."""
    desk = Desk(tmp_path, io.StringIO(), io.StringIO())
    desk.write("one")
    desk.write("two")
    return desk


def test_each_environment_has_a_folder_of_its_own(desk: Desk) -> None:
    """Every file is named on stdout, environment after environment."""
    assert desk.compile("one", "two") == 0
    named = [Path(line) for line in desk.out.getvalue().splitlines()]
    assert {path.parent.name for path in named} == {"one", "two"}
    assert all(path.is_file() for path in named)
    assert desk.err.getvalue().count("templates, ") == 2


def test_a_check_goes_on_after_a_stale_one(desk: Desk) -> None:
    """One run names all stale templates, and those that are not."""
    desk.compile("one", "two")
    desk.write("one", "storage_gb: 20", "storage_gb: 30")
    assert desk.compile("one", "two", check=True) == 1
    assert desk.out.getvalue() == f"{desk.folder / 'out' / 'one' / 'database.yaml'}\n"
    assert "1 file is not what" in desk.err.getvalue()
    assert f"{desk.folder / 'out' / 'two'} is up to date." in desk.err.getvalue()


def test_a_clean_result_is_cached(desk: Desk) -> None:
    """One result each, by a compile as by a check that found nothing stale."""
    desk.compile("one", "two")
    results = desk.folder / "cache" / "compiled"
    assert len(list(results.iterdir())) == 2
    for result in results.iterdir():
        result.unlink()
    desk.compile("one", check=True)
    assert len(list(results.iterdir())) == 1


def test_a_stale_result_is_not_cached(desk: Desk) -> None:
    """The next check has to look again."""
    assert desk.compile("one", check=True) == 1
    assert not (desk.folder / "cache" / "compiled").exists()


def test_a_file_in_place_of_a_folder_stops_every_write(desk: Desk) -> None:
    """Found before the first template is."""
    (desk.folder / "out").mkdir()
    (desk.folder / "out" / "two").write_text("not a folder")
    with pytest.raises(Refusal, match=r"out/two is not a folder"):
        desk.compile("one", "two")
    assert not (desk.folder / "out" / "one").exists()
