"""The deploy state tells where a database is, and how it goes on from there."""

from deployer.record.deploy_state import DeployState
from deployer.upgrade.position import hops_to, known_images, unfinished
from spec.releases.upgrades import Hop

AT_REST = DeployState(airflow_version="2.5.3", image="sha256:old")
GOING_UP = DeployState(
    airflow_version="2.5.3", image="sha256:old", migrating="2.11.2", migrating_image="sha256:between"
)
GOING_DOWN = DeployState(airflow_version="3.3.2", image="sha256:new", migrating="2.11.2", migrating_image="sha256:new")


def test_a_database_at_rest_goes_the_road_of_its_release() -> None:
    """None where it is there already."""
    assert hops_to(AT_REST, "3.3.2") == (Hop("2.5.3", "2.11.2"), Hop("2.11.2", "3.3.2"))
    assert hops_to(AT_REST, "2.5.3") == ()
    assert known_images(AT_REST) == {"2.5.3": "sha256:old"}


def test_a_migration_that_was_broken_off_is_completed_first() -> None:
    """The same command again brings the database to its end, wherever it stood."""
    assert hops_to(GOING_UP, "2.11.2") == (Hop("2.5.3", "2.11.2"),)
    assert hops_to(GOING_UP, "3.3.2") == (Hop("2.5.3", "2.11.2"), Hop("2.11.2", "3.3.2"))


def test_or_it_is_undone_by_the_release_that_had_begun_it() -> None:
    """The older release does not know the schemas between."""
    assert hops_to(GOING_UP, "2.5.3") == (Hop("2.11.2", "2.5.3"),)
    assert known_images(GOING_UP) == {"2.5.3": "sha256:old", "2.11.2": "sha256:between"}


def test_a_downgrade_that_was_broken_off_goes_on_or_up_again() -> None:
    """In both cases by the newer release."""
    assert hops_to(GOING_DOWN, "2.5.3") == (Hop("3.3.2", "2.11.2"), Hop("2.11.2", "2.5.3"))
    assert hops_to(GOING_DOWN, "3.3.2") == (Hop("2.11.2", "3.3.2"),)
    assert known_images(GOING_DOWN) == {"3.3.2": "sha256:new"}


def test_a_lost_image_is_not_known() -> None:
    """It is built again."""
    assert known_images(DeployState(airflow_version="2.5.3")) == {}


def test_an_upgrade_that_was_broken_off_is_told_and_a_whole_one_is_not() -> None:
    """Somebody who finds services at zero reads why."""
    assert unfinished(AT_REST, "2.5.3") == ()
    assert unfinished(DeployState(), "2.5.3") == ()
    assert "between Airflow 2.5.3 and 2.11.2 is not done" in unfinished(GOING_UP, "3.3.2")[0]
    assert "at Airflow 2.5.3, and its services are of 3.3.2" in unfinished(AT_REST, "3.3.2")[0]
