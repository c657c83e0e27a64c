"""Tests that would meet in one place do not run at a time."""

from pathlib import Path

from tests.side_by_side import KEEPING_AN_EXAMPLE, together

ROOT = Path(__file__).parents[1]


def test_a_module_stays_whole() -> None:
    """It is a name of its own, unless it keeps an example."""
    assert together("tests/test_house.py") == "tests/test_house.py"
    assert {together(file) for file in KEEPING_AN_EXAMPLE} == {"examples"}


def test_every_module_that_keeps_an_example_is_known() -> None:
    """Those of tests/life that name a YAML which the manual shows; the others have YAMLs of their own."""
    naming = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests" / "life").rglob("test_*.py")
        if any(word in (text := path.read_text(encoding="utf-8")) for word in ("keep(", "keeping(", "Developing"))
        if "env.example.yaml" in text or '"examples/' in text
    }
    assert naming - {"tests/life/test_alb_auth.py"} == KEEPING_AN_EXAMPLE
