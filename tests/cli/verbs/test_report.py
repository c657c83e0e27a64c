"""`windsock report`: one page for reviewers, without asking AWS."""

from pathlib import Path

from tests.cli.shell import Windsock


def test_the_page_is_printed_or_written(windsock: Windsock, checkout: Path) -> None:
    """A file says where it is."""
    assert windsock("report", "env.yaml").out.startswith("<!DOCTYPE html>")
    ran = windsock("report", "env.yaml", "--output", "demo.html")
    assert (ran.code, ran.out, ran.err) == (0, "", "The report is in demo.html.\n")
    assert "</html>" in (checkout / "demo.html").read_text()


def test_a_comparison_and_a_plan_are_on_the_page(windsock: Windsock, checkout: Path) -> None:
    """Another YAML or a revision, as `diff` compares."""
    text = (checkout / "env.yaml").read_text()
    (checkout / "old.yaml").write_text(text.replace("retention_days: 30", "retention_days: 7"))
    (checkout / "plan.txt").write_text("1. roll out the stacks")
    page = windsock("report", "env.yaml", "--against", "old.yaml", "--plan", "plan.txt").out
    assert "What changes, compared with old.yaml" in page
    assert "1. roll out the stacks" in page


def test_a_record_that_is_none_is_refused(windsock: Windsock) -> None:
    """Before anything is written."""
    ran = windsock("report", "env.yaml", "--rehearsal", "env.yaml", "--output", "demo.html")
    assert ran.code == 2
    assert "no record of a rehearsal" in ran.err
    assert not Path("demo.html").exists()
