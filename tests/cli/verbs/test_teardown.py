"""`windsock teardown`: it demands the name, and prints a report."""

import pytest

from cli.verbs.teardown import report_text
from deployer.record.teardown_report import Item, TeardownReport
from tests.cli.shell import Windsock


def test_a_teardown_without_the_name_is_refused(windsock: Windsock, aws: list[str]) -> None:
    """Without a terminal and without --yes it calls AWS for the account alone."""
    ran = windsock("teardown", "env.yaml")
    assert ran.code == 2
    assert "Add --confirm demo" in ran.err
    assert len(aws) == 1


@pytest.mark.parametrize("options", [("--yes",), ("--yes", "--confirm", "other"), ("--confirm", "Demo")])
def test_a_yes_or_another_name_does_not_answer_which_environment_is_meant(
    windsock: Windsock, aws: list[str], options: tuple[str, ...]
) -> None:
    """On AWS a teardown wants the very name, in a script too."""
    ran = windsock("teardown", "env.yaml", *options)
    assert ran.code in {1, 2}
    assert len(aws) == 1


@pytest.mark.parametrize("options", [("--confirm", "demo"), ("--branch", "x", "--yes")])
def test_a_name_or_a_branch_on_the_command_line_answers_it(
    windsock: Windsock, aws: list[str], options: tuple[str, ...]
) -> None:
    """The teardown then asks AWS for more than the account."""
    windsock("teardown", "env.yaml", *options)
    assert len(aws) > 1


def test_a_plan_needs_no_name(windsock: Windsock, aws: list[str]) -> None:
    """It looks at AWS and writes nothing: every call but that for the account is a look."""
    windsock("teardown", "env.yaml", "--plan")
    assert len(aws) > 1
    assert not any("Action=Delete" in body or "Action=Create" in body for body in aws)


def test_the_report_lists_deleted_and_kept_items() -> None:
    """What was deleted and what was kept, each with its reason, in columns."""
    report = TeardownReport("demo", (Item("stack", "demo", "90 resources"),), (Item("snapshot", "s-1", "by policy"),))
    assert report_text(report) == "deleted  stack     demo  90 resources\nkept     snapshot  s-1   by policy"


def test_a_report_without_kept_items_says_so() -> None:
    """That nothing was kept is said."""
    report = TeardownReport("demo", (Item("stack", "demo"),))
    assert report_text(report).splitlines()[-1] == "Nothing kept."
    assert report_text(TeardownReport("demo")) == "There was nothing of demo; nothing kept."
