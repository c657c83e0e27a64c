"""Command lines are read as declared, and mistakes in them are refusals."""

from pathlib import Path

import pytest

from cli.command_line.parser import Parser, UsageRefusal, add_aws, add_environment, unknown_verb


def parser() -> Parser:
    """Return the parser of a verb that talks to AWS."""
    made = Parser("status", "Says how it is.")
    add_environment(made)
    add_aws(made)
    return made


@pytest.fixture
def near(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only environment YAML of the folder in which the test stands, by its path from there."""
    (tmp_path / "env.yaml").touch()
    monkeypatch.chdir(tmp_path)
    return Path("env.yaml")


def test_options_are_read() -> None:
    """What was declared is found under its name."""
    options = parser().parse_args(["env.yaml", "--profile", "dev"])
    assert (options.env, options.profile, options.region) == ("env.yaml", "dev", None)


def test_abbreviations_are_refused() -> None:
    """A shortened option would change its meaning when a new one appears, so it is refused."""
    with pytest.raises(UsageRefusal, match="Did you mean --profile"):
        parser().parse_args(["env.yaml", "--profil", "dev"])


def test_a_word_like_no_verb_gets_the_list() -> None:
    """Without a silly guess."""
    refusal = unknown_verb("qqq", ("compile", "deploy"), {})
    assert "Did you mean" not in str(refusal)
    assert "compile, deploy" in str(refusal)
    assert refusal.exit_code == 2


def test_options_stand_anywhere() -> None:
    """Also between two places, of which the second may be left out."""
    made = parser()
    made.add_argument("process", nargs="?")
    for words in ("env.yaml --branch main web", "--branch main env.yaml web", "env.yaml web --branch main"):
        options = made.read(words.split())
        assert (options.env, options.branch, options.process) == ("env.yaml", "main", "web")
    assert made.read(["env.yaml"]).process is None


def test_a_command_is_refused_by_verbs_without_one() -> None:
    """It is not read, and refused where none is taken."""
    made = parser()
    with pytest.raises(UsageRefusal, match="unrecognized arguments: -- ls -l"):
        made.read(["env.yaml", "--", "ls", "-l"])
    made.add_argument("command", nargs="*")
    options = made.read(["env.yaml", "--branch", "main", "--", "ls", "--branch", "--"])
    assert (options.branch, options.command) == ("main", ["ls", "--branch", "--"])


@pytest.mark.parametrize(
    ("behind", "words", "process"),
    [
        ({"nargs": "?"}, "", None),
        ({"nargs": "?"}, "--profile env.yaml", None),
        ({"nargs": "?"}, "scheduler", "scheduler"),
        ({"nargs": "?"}, "--profile dev scheduler", "scheduler"),
        ({"nargs": "*"}, "", []),
        ({"nargs": "*"}, "airflow version", ["airflow", "version"]),
        ({}, "2d", "2d"),
    ],
)
def test_an_environment_that_is_left_out_is_found(
    behind: dict[str, str], words: str, process: object, near: Path
) -> None:
    """Whatever stands behind it on the command line."""
    made = parser()
    made.add_argument("process", **behind)
    options = made.read(words.split())
    assert (options.env, options.found, options.process) == (str(near), str(near), process)


def test_an_environment_is_found_behind_an_action(near: Path) -> None:
    """It belongs between the two words."""
    made = Parser("secrets", "Stores.")
    made.add_argument("action", choices=["set"])
    add_environment(made)
    made.add_argument("name")
    options = made.read(["set", "oauth"])
    assert (options.action, options.env, options.name) == ("set", str(near), "oauth")


@pytest.mark.usefixtures("near")
def test_a_yaml_that_is_named_is_taken() -> None:
    """A file that is missing is no process, and a forgotten word is no environment."""
    made = parser()
    made.add_argument("process", nargs="?")
    assert (made.read(["other.yaml"]).env, made.read(["other.yaml"]).found) == ("other.yaml", None)
    made = parser()
    made.add_argument("time", metavar="TIME")
    with pytest.raises(UsageRefusal, match="required: TIME"):
        made.read(["env.yaml"])
