"""Airflow 2 follows releases by a link: a task keeps the one that it began with, and no task executes two."""

from collections.abc import Iterator

import pytest

from tests.life.releases import Site, hammer, kept_site

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]


@pytest.fixture(scope="module", params=["releases-2.11", "releases-2.11-ecs", "releases-2.5"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Keep an environment; take it down at the end, with nothing left."""
    yield from kept_site(request.param, tmp_path_factory.mktemp("checkout"))


def test_a_task_keeps_its_release_across_a_push(site: Site) -> None:
    """Also in what it imports after the push, and `windsock releases` counts its run there.

    The next task executes what was pushed.
    """
    site.keeps_a_task_on_its_release()


def test_going_back_changes_what_the_next_task_executes(site: Site) -> None:
    """The release before is on the disk still; Airflow parses it again."""
    site.goes_back()


def test_a_broken_file_is_named_and_the_release_before_stays(site: Site) -> None:
    """With its line; `--rollback-on-error` is all that it takes."""
    site.refuses_a_broken_file()


def test_pushes_in_quick_succession_mix_nothing(site: Site) -> None:
    """For five minutes, while DAGs run."""
    if site.kept.environment.name == "releases-2.11-ecs.yaml":
        pytest.skip("thirty workers at once are another test's subject")
    hammer(site)
