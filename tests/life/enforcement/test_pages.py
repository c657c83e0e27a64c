"""What the pages of trials count is what their index says, and nothing on them lacks its reason."""

from pathlib import Path

import pytest

from acceptance.deploy_principal import USER
from rehearsal.emulator.iam.usage import Use
from spec.reading.load import load
from tests.conftest import Golden
from tests.life.enforcement import policy_pages, sums
from tests.life.enforcement.pages import FOLDER, NO_REASON
from tests.life.kept import ROOT

EXAMPLES = ("env.example.yaml", *sorted(f"examples/{path.name}" for path in (ROOT / "examples").glob("*.yaml")))


def test_the_figures_are_those_of_the_pages(golden: Golden) -> None:
    """Whoever writes a page anew writes the sums anew."""
    golden(sums.FILE, sums.render([load(ROOT / file).name for file in EXAMPLES]))


@pytest.mark.parametrize(("what", "page", "heading"), sums.SOURCES[2:])
def test_every_rule_has_its_source(what: str, page: str, heading: str) -> None:
    """The page of AWS, or a public issue; quotas and lengths have theirs in the module that enforces them."""
    rows = sums.rows_below(page, heading)
    assert rows, what
    assert [row for row in rows if "https://" not in row] == []


def test_what_no_page_says_is_no_figure() -> None:
    """An example without pages counts for nothing in the sums."""
    unknown, known = sums.of_example("unknown"), sums.of_example("demo")
    assert set(unknown) == {None}
    assert sums.added([unknown, known]) == sums.added([known])


@pytest.mark.parametrize("page", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_nothing_on_a_page_lacks_its_reason(page: Path) -> None:
    """What no observation noticed is explained."""
    assert NO_REASON not in page.read_text(encoding="utf-8")


def test_a_page_of_policies_lists_what_its_user_did_not_use() -> None:
    """What somebody else was allowed does not count."""
    env = load(ROOT / EXAMPLES[0])
    every = policy_pages.allowed(env)
    own, other = sorted(every)[:2]
    account = "arn:aws:iam::123456789012"
    uses = [
        Use(who=f"{account}:user/{USER}", statement="Any", action=own),
        Use(who=f"{account}:role/other", statement="Any", action=other),
    ]
    page = policy_pages.render(env, Path("env.example.yaml"), uses)
    assert f"1 of {len(every)} actions" in page
    assert policy_pages.unused(page) == every - {own}
