"""Command lines are read as declared, and mistakes in them are refusals."""

import pytest

from cli.command_line.parser import Parser, UsageRefusal, add_aws, add_environment, unknown_verb


def parser() -> Parser:
    """Return the parser of a verb that talks to AWS."""
    made = Parser("status", "Says how it is.")
    add_environment(made)
    add_aws(made)
    return made


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
    refusal = unknown_verb("qqq", ("compile", "deploy"))
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
