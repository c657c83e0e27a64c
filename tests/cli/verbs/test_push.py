"""`windsock push`: it asks before it changes anything, and says what it did in a sentence."""

from pathlib import Path

import pytest

from cli.verbs.push import summary
from deployer.push import Pushed
from deployer.release.upload_code import Uploaded
from tests.cli.shell import Windsock
from tests.deployer.fakes.environment import write_home

NOTHING = Uploaded()


@pytest.mark.parametrize(
    ("pushed", "words"),
    [
        (Pushed(version="v", uploaded=NOTHING), "Nothing had changed."),
        (Pushed(version="v", uploaded=NOTHING, synced=True), "Done: synced to the file system."),
        (
            Pushed(version="v", uploaded=NOTHING, released=True, restarted=True),
            "Done: made the current release, restarted what reads only at its start.",
        ),
    ],
)
def test_the_summary_names_what_was_done(pushed: Pushed, words: str) -> None:
    """Each thing that was done is named; an empty push says that nothing changed."""
    assert summary(pushed) == words


def test_a_push_that_was_taken_back_says_so() -> None:
    """The errors stand above it."""
    pushed = Pushed(version="v", uploaded=NOTHING, released=True, errors=("dags/a.py:1: x",), rolled_back=True)
    assert summary(pushed).endswith("the release before is current again.")


def test_a_push_without_a_yes_is_refused(windsock: Windsock, aws: list[str]) -> None:
    """Without a terminal and without --yes it does not even call AWS."""
    ran = windsock("push", "env.yaml")
    assert (ran.code, ran.out, aws) == (2, "", [])
    assert "Add --yes" in ran.err


@pytest.mark.parametrize("option", ["--plan", "--yes"])
def test_a_plan_asks_nothing(windsock: Windsock, aws: list[str], checkout: Path, option: str) -> None:
    """The environment is looked at, without a terminal too."""
    write_home(checkout / "airflow_home")
    windsock("push", "env.yaml", option)
    assert len(aws) > 1
