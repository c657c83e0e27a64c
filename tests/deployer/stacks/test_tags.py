"""Everything of an environment says whose it is."""

from deployer.stacks.tags import stack_tags
from spec.reading.branches import for_branch
from tests.deployer.fakes.environment import environment


def test_the_users_tags_and_the_environments_name() -> None:
    """By the name a teardown knows its own."""
    assert stack_tags(environment()) == {"team": "data", "windsock:environment": "demo"}


def test_the_name_follows_the_environment() -> None:
    """Two environments of one account are told apart."""
    assert stack_tags(environment(**{"name: demo": "name: other"}))["windsock:environment"] == "other"


def test_a_branch_is_told() -> None:
    """Beside the name, so that nobody else's branch is taken for it; without a branch there is no such tag."""
    tags = stack_tags(for_branch(environment(), "feature/x"))
    assert tags["windsock:branch"] == "feature/x"
    assert tags["windsock:environment"] == "demo-feature-x-72935a2"
