"""`windsock init`: a whole project, around an Airflow that exists or with one of its own, and nothing overwritten."""

from pathlib import Path

import pytest

from cli.starting import environment_yaml
from tests.cli.shell import Windsock


@pytest.fixture
def empty(checkout: Path) -> Path:
    """Return an empty folder in which the test stands."""
    (checkout / "env.yaml").unlink()
    (checkout / ".git").mkdir()
    return checkout


def test_init_writes_a_project_that_is_compiled(windsock: Windsock, empty: Path) -> None:
    """The files are on stdout, and on stderr the next step; the check of CI passes at once, from any folder of it."""
    ran = windsock("init")
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "env.yaml"
    assert "Next: windsock rehearse" in ran.err
    schema = (empty / "env.yaml").read_text().splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    assert (empty / schema).is_file()
    assert windsock("compile", "--check", "--no-lint").code == 0


def test_init_writes_what_ci_runs(windsock: Windsock, empty: Path) -> None:
    """For GitHub, for GitLab, or for none; inside of a repository it would be read by nobody, and that is said."""
    assert ".github/workflows/windsock.yaml" in windsock("init", "--ci", "github").out
    ran = windsock("init", "sub")
    assert f".github/workflows/windsock.yaml belongs into {empty}" in ran.err
    (empty / "lab" / ".git").mkdir(parents=True)
    assert ".gitlab-ci.yml" in windsock("init", "lab", "--ci", "gitlab").out
    (empty / "plain" / ".git").mkdir(parents=True)
    assert "windsock.yaml" not in windsock("init", "plain", "--ci", "none").out


def test_init_makes_a_folder(windsock: Windsock, empty: Path) -> None:
    """And says how to get there; a file is no project."""
    ran = windsock("init", "new/place")
    assert ran.code == 0
    assert "Next: cd new/place && windsock rehearse" in ran.err
    assert (empty / "new" / "place" / "templates_out" / "my-airflow" / "root.yaml").is_file()
    ran = windsock("init", "prod.yaml")
    assert ran.code == 2
    assert "copy env.yaml" in ran.err


def test_init_overwrites_nothing(windsock: Windsock, empty: Path) -> None:
    """A project that stands stays as it is, but for its schema; what was there before stays beside the new files."""
    (empty / "README.md").write_text("mine")
    (empty / "airflow_home" / "dags").mkdir(parents=True)
    (empty / "airflow_home" / "dags" / "mine.py").touch()
    assert "README.md was there and stays as it is" in windsock("init").err
    assert (empty / "README.md").read_text() == "mine"
    assert [path.name for path in (empty / "airflow_home").rglob("*.py")] == ["mine.py"]
    (empty / "env.yaml").write_text("mine")
    (empty / ".windsock" / "environment.schema.json").write_text("{}")
    ran = windsock("init")
    assert (ran.code, ran.out) == (0, "")
    assert "up to date now" in ran.err
    assert (empty / "env.yaml").read_text() == "mine"
    ran = windsock("init", "--from", ".")
    assert ran.code == 1
    assert "env.yaml exists" in ran.err


def test_a_failing_template_leaves_no_yaml(windsock: Windsock, empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The failure names the file that is missing, and a second try completes the project."""
    with monkeypatch.context() as broken:
        broken.setattr(environment_yaml, "_TEMPLATE", empty / "environment.yaml.j2")
        ran = windsock("init")
    assert ran.code == 1
    assert "environment.yaml.j2" in ran.err
    assert not (empty / "env.yaml").exists()
    assert windsock("init").code == 0


def test_an_airflow_that_exists_is_taken_over(windsock: Windsock, empty: Path) -> None:
    """It says what it understood and what it left out, and changes nothing of theirs."""
    theirs = empty / "theirs"
    (theirs / "dags").mkdir(parents=True)
    (theirs / "dags" / "mine.py").touch()
    (theirs / "requirements.txt").write_text("pandas\n")
    (theirs / "packages.txt").write_text("jq\n")
    (theirs / "airflow.cfg").write_text("[core]\nparallelism = 8\nfernet_key = not-a-real-one\n")
    before = {path: path.read_bytes() for path in theirs.rglob("*") if path.is_file()}
    ran = windsock("init", "new", "--from", "theirs")
    assert ran.code == 0
    for words in (
        "theirs is an Airflow home.",
        "airflow.home is ../theirs",
        "Options carried over: core.parallelism.",
        "Python packages carried over: pandas.",
        "Debian packages carried over: jq.",
        "option core.fernet_key: Windsock sets it itself",
    ):
        assert words in ran.err
    assert "not-a-real-one" not in ran.err + (empty / "new" / "env.yaml").read_text()
    assert before == {path: path.read_bytes() for path in theirs.rglob("*") if path.is_file()}
    assert windsock("compile", "--check", "--no-lint", "new/env.yaml").code == 0
