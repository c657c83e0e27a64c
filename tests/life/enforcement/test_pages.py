"""What the pages of trials count is what their index says, and nothing on them lacks its reason."""

from pathlib import Path

import pytest

from acceptance.deploy_principal import USER
from rehearsal.emulator.iam.usage import Use
from spec.reading.load import load
from tests.conftest import Golden
from tests.life.enforcement import compiled, escalation, pages, policy_pages, sums
from tests.life.enforcement.compiled import EXAMPLES
from tests.life.enforcement.pages import FOLDER, NO_REASON
from tests.life.kept import ROOT


@pytest.mark.parametrize(("what", "page", "heading"), sums.SOURCES[2:])
def test_every_rule_has_its_source(what: str, page: str, heading: str) -> None:
    """The page of AWS, or a public issue; quotas and lengths have theirs in the module that enforces them."""
    rows = sums.rows_below(page, heading)
    assert rows, what
    assert [row for row in rows if "https://" not in row] == []


@pytest.mark.parametrize("file", EXAMPLES)
def test_a_page_of_rules_names_those_of_the_templates(file: str, golden: Golden) -> None:
    """With --regold, it names what was not tried yet."""
    env = load(ROOT / file)
    golden(FOLDER / f"{env.name}.md", pages.renewed(_page(env.name), compiled.rules(env)))


@pytest.mark.parametrize("file", EXAMPLES)
def test_a_page_of_endpoints_names_those_of_the_templates(file: str, golden: Golden) -> None:
    """With their services; where tasks reach the internet there is none."""
    env = load(ROOT / file)
    if every := compiled.endpoints(env):
        name = f"{env.name}-endpoints"
        golden(FOLDER / f"{name}.md", pages.renewed(_page(name), every))


@pytest.mark.parametrize("file", compiled.of_each_mode())
def test_a_page_of_routes_names_those_of_the_templates(file: str, golden: Golden) -> None:
    """With their destinations; a network that was there before has no template."""
    env = load(ROOT / file)
    if every := compiled.routes(env):
        name = f"{env.name}-routes"
        golden(FOLDER / f"{name}.md", pages.renewed(_page(name), every))


@pytest.mark.parametrize("file", EXAMPLES)
def test_a_page_of_permissions_names_the_statements_of_the_templates(file: str, golden: Golden) -> None:
    """With their actions."""
    env = load(ROOT / file)
    name = f"{env.name}-permissions"
    golden(FOLDER / f"{name}.md", pages.renewed(_page(name), compiled.statements(env)))


@pytest.mark.parametrize("file", EXAMPLES)
def test_a_page_of_policies_names_the_actions_of_today(file: str, golden: Golden) -> None:
    """Those that `windsock policy` prints."""
    env = load(ROOT / file)
    page = _page(f"{env.name}-policies")
    golden(policy_pages.file_of(env.name), policy_pages.renewed(policy_pages.of_life(env, Path(file)), page))


def test_the_figures_are_those_of_the_pages(golden: Golden) -> None:
    """Whoever writes a page anew writes the sums anew, as here: this comes after the tests that do."""
    golden(sums.FILE, sums.render([load(ROOT / file).name for file in EXAMPLES]))


def test_what_is_newer_than_a_page_was_not_tried() -> None:
    """What is gone leaves the page, with its reason; what is new counts nowhere."""
    page = _page("ecs-executor-permissions")
    statements = dict(compiled.statements(load(ROOT / "examples" / "ecs-executor.yaml")))
    actions = statements.pop("SchedulerRole/FindTaskLogs")
    renewed = pages.renewed(page, statements | {"SchedulerRole/Other": actions})
    assert pages.totals([renewed]).tried == pages.totals([page]).tried - 1
    assert "SchedulerRole/FindTaskLogs" in page
    assert "SchedulerRole/FindTaskLogs" not in renewed
    (row,) = [line for line in renewed.splitlines() if pages.UNTRIED in line]
    assert row.startswith(f"| `SchedulerRole/Other` | {actions} |")
    assert row.count("|") == page.splitlines()[5].count("|")


def test_an_action_that_is_newer_than_a_page_was_not_tried() -> None:
    """It counts among all, and not among those that were used."""
    life = policy_pages.of_life(load(ROOT / EXAMPLES[0]), Path(EXAMPLES[0]))
    page = policy_pages.render(life, [])
    newest = max(policy_pages.allowed(life.subject))
    older = "".join(line for line in page.splitlines(keepends=True) if f"`{newest}`" not in line)
    renewed = policy_pages.renewed(life, older)
    assert f"Not tried yet, since they are newer than this page:\n\n- `{newest}`\n" in renewed
    assert sums.actions(renewed) == (len(policy_pages.allowed(life.subject)), 0)


@pytest.mark.parametrize("file", EXAMPLES)
def test_a_page_of_reach_names_the_containers_of_the_environment(file: str) -> None:
    """Whoever adds a container lets it try what it can reach."""
    env = load(ROOT / file)
    assert escalation.named(_page(f"{env.name}-escalation")) == escalation.containers(env)


@pytest.mark.parametrize("page", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_nothing_on_a_page_lacks_its_reason(page: Path) -> None:
    """What no observation noticed is explained."""
    assert NO_REASON not in page.read_text(encoding="utf-8")


def test_a_page_of_policies_lists_what_its_user_did_not_use() -> None:
    """What somebody else was allowed does not count."""
    life = policy_pages.of_life(load(ROOT / EXAMPLES[0]), Path(EXAMPLES[0]))
    every = policy_pages.allowed(life.subject)
    own, other = sorted(every)[:2]
    account = "arn:aws:iam::123456789012"
    uses = [
        Use(who=f"{account}:user/{USER}", statement="Any", action=own),
        Use(who=f"{account}:role/other", statement="Any", action=other),
    ]
    page = policy_pages.render(life, uses)
    assert f"1 of {len(every)} actions" in page
    assert policy_pages.unused(page) == every - {own}


def _page(name: str) -> str:
    file = FOLDER / f"{name}.md"
    if not file.exists():
        pytest.skip("`make endurance` has not written it yet")
    return file.read_text(encoding="utf-8")
