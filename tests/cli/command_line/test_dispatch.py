"""From words to verbs: guesses for misspelt ones, options before or behind the verb."""

from pathlib import Path

import pytest

from cli.command_line.all_verbs import MEANT, VERBS
from cli.command_line.dispatch import find
from tests.cli.shell import Windsock

REPORTING = ("compile", "cost", "rehearse", "deploy", "push", "extend", "teardown", "status", "list", "versions")
ACTING = (
    *("rehearse", "dev", "deploy", "upgrade", "push", "rollback", "secrets", "extend", "teardown", "run", "versions"),
    "status",
)
VERB_FILES = {path.stem for path in (Path(__file__).parents[3] / "cli" / "verbs").glob("*.py")} - {"__init__"}


def test_every_verb_is_listed_and_has_a_module() -> None:
    """Every file in cli/verbs is on the roster, and every verb on the roster has its file."""
    assert set(VERBS) == VERB_FILES


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_explains_itself(windsock: Windsock, name: str) -> None:
    """`windsock VERB --help` prints what the verb does, its options and the exit codes on stdout."""
    ran = windsock(name, "--help")
    assert ran.code == 0
    assert ran.err == ""
    assert (find(name).__doc__ or "").splitlines()[0] in " ".join(
        ran.out.split()
    )  # it wraps at the width of the terminal
    assert "130  interrupted" in ran.out
    assert "--debug" in ran.out


@pytest.mark.parametrize("name", REPORTING)
def test_verbs_that_report_can_do_so_as_json(windsock: Windsock, name: str) -> None:
    """`logs --raw` and `schema` print JSON by themselves; the others have nothing to report."""
    assert "--json" in windsock(name, "--help").out


@pytest.mark.parametrize("name", ACTING)
def test_verbs_that_act_tell_a_program_what_happens(windsock: Windsock, name: str) -> None:
    """In the same way, whatever they do."""
    assert "--events" in windsock(name, "--help").out


def test_a_misspelt_verb_gets_a_guess(windsock: Windsock) -> None:
    """The refusal names the verb that was meant."""
    ran = windsock("comiple", "env.yaml")
    assert ran.code == 2
    assert ran.out == ""
    assert "Did you mean compile?" in ran.err


@pytest.mark.parametrize(
    ("word", "verb"),
    [
        *[(word, "teardown") for word in ("destroy", "destory", "delete", "remove", "down", "stop")],
        *[(word, "compile") for word in ("build", "synth", "validate")],
        *[(word, "diff") for word in ("plan", "preview", "changes")],
        *[("start", "rehearse"), ("up", "deploy"), ("ls", "list"), ("deplyo", "deploy")],
    ],
)
def test_a_verb_of_another_tool_gets_a_guess_by_its_meaning(windsock: Windsock, word: str, verb: str) -> None:
    """Nobody who wants to delete something is sent to deploy."""
    ran = windsock(word, "env.yaml")
    assert ran.code == 2
    assert f"Did you mean {verb}?" in ran.err


def test_help_is_a_word_too(windsock: Windsock) -> None:
    """Alone, or with a verb."""
    assert windsock("help").out == windsock("--help").out
    assert windsock("help", "push").out == windsock("push", "--help").out


def test_the_words_of_other_tools_lead_to_verbs() -> None:
    """Each to one that exists, and none hides a verb."""
    assert set(MEANT.values()) <= set(VERBS)
    assert not set(MEANT) & set(VERBS)


def test_a_misspelt_option_gets_a_guess(windsock: Windsock) -> None:
    """The refusal names the option that was meant."""
    ran = windsock("compile", "env.yaml", "--chek")
    assert ran.code == 2
    assert "Did you mean --check?" in ran.err


def test_a_missing_argument_is_named(windsock: Windsock) -> None:
    """A verb without what it needs says so."""
    ran = windsock("extend", "env.yaml")
    assert ran.code == 2
    assert "TIME" in ran.err


def test_an_environment_that_nobody_named_is_told(windsock: Windsock, checkout: Path) -> None:
    """It is found, and the first line says which one it is; where there is none, it says what is missing."""
    assert windsock("compose").err == "Environment: env.yaml\n"
    assert windsock("compose", "env.yaml").err == ""
    (checkout / "env.yaml").unlink()
    (checkout / ".git").mkdir()
    ran = windsock("compose")
    assert ran.code == 2
    assert "No environment YAML is named" in ran.err


def test_options_may_stand_before_the_verb(windsock: Windsock) -> None:
    """Options that every verb takes may stand before it, as users of the aws command expect."""
    assert windsock("--no-color", "versions").code == 0
    ran = windsock("--profile", "nobody", "status", "env.yaml")
    assert ran.code == 1
    assert "There is no AWS profile nobody." in ran.err


def test_options_without_a_verb_are_refused(windsock: Windsock) -> None:
    """Options alone are no command."""
    ran = windsock("--no-color", "--profile")
    assert ran.code == 2
