"""What the pages of trials count is what docs/security.md says, and nothing on them lacks its reason."""

from pathlib import Path

import pytest

from acceptance.deploy_principal import USER
from rehearsal.emulator.iam.usage import Use
from spec.reading.load import load
from tests.life.enforcement import policy_pages
from tests.life.enforcement.pages import FOLDER, NO_REASON, totals
from tests.life.kept import ROOT

EXAMPLES = ("env.example.yaml", *sorted(f"examples/{path.name}" for path in (ROOT / "examples").glob("*.yaml")))
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
WORDS = "{tried} tried, {noticed} noticed, {unused} not used by a rehearsal itself"


def _pages(ending: str) -> list[str]:
    """Return the pages of the examples that there are."""
    names = [load(ROOT / file).name for file in EXAMPLES]
    files = [FOLDER / f"{name}{ending}.md" for name in names]
    return [file.read_text(encoding="utf-8") for file in files if file.exists()]


@pytest.mark.parametrize(
    ("ending", "what"), [("", "rules of security groups"), ("-permissions", "statements of roles")]
)
def test_the_totals_are_those_of_the_pages(ending: str, what: str) -> None:
    """Whoever writes a page anew reads here that the totals are others now."""
    pages = _pages(ending)
    counted = totals(pages)
    words = WORDS.format(tried=counted.tried, noticed=counted.noticed, unused=counted.unused)
    assert f"{len(pages)} examples, {what}: {words}" in SECURITY


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
