"""Everything of an environment says whose it is."""

from deployer.tags import stack_tags
from tests.deployer.fakes.environment import environment


def test_the_users_tags_and_the_environments_name() -> None:
    """By the name a teardown knows its own."""
    assert stack_tags(environment()) == {"team": "data", "windsock:environment": "demo"}


def test_the_name_follows_the_environment() -> None:
    """Two environments of one account are told apart."""
    assert stack_tags(environment(**{"name: demo": "name: other"}))["windsock:environment"] == "other"
