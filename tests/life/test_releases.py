"""A run keeps the release that it began with, across a push and across a rollback, with either executor."""

from collections.abc import Iterator

import pytest

from tests.life.releases import Site, hammer, hold, kept_site

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]


@pytest.fixture(scope="module", params=["releases-local", "releases-ecs"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Keep an environment; take it down at the end, with nothing left."""
    yield from kept_site(request.param, tmp_path_factory.mktemp("checkout"))


def test_a_release_holds_across_a_push(site: Site) -> None:
    """Every task of a run executes what the run began with; the next run executes what was pushed meanwhile."""
    site.push("old")
    old = site.start()
    hold(site.client, old)
    site.push("new")
    new = site.start()
    site.says(old, "old")
    site.says(new, "new")


def test_a_release_holds_across_a_rollback(site: Site) -> None:
    """Going back changes what the next run executes, and nothing of a run that has begun."""
    site.push("before")
    site.push("after")
    after = site.start()
    hold(site.client, after)
    site.rollback()
    before = site.start()
    site.says(after, "after")
    site.says(before, "before")


def test_a_broken_file_is_named_and_the_release_before_stays(site: Site) -> None:
    """With its line; `--rollback-on-error` is all that it takes."""
    site.push("good")
    site.refuses_a_broken_file()


def test_pushes_in_quick_succession_mix_nothing(site: Site) -> None:
    """For five minutes, while DAGs run: no import error, and no task that executes two releases."""
    if site.kept.environment.name != "releases-local.yaml":
        pytest.skip("thirty workers at once are another test's subject")
    hammer(site)
