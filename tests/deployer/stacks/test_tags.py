"""Every resource of an environment carries its name."""

from deployer.stacks.tags import stack_tags
from spec.reading.branches import for_branch
from tests.deployer.fakes.environment import environment


def test_tags_are_the_users_and_the_environments_name() -> None:
    """A teardown finds its resources by this name."""
    assert stack_tags(environment()) == {"team": "data", "windsock:environment": "demo"}


def test_the_name_follows_the_environment() -> None:
    """Two environments of one account have different tags."""
    assert stack_tags(environment(**{"name: demo": "name: other"}))["windsock:environment"] == "other"


def test_a_branch_has_a_tag() -> None:
    """Beside the name, so that two branches stay apart; without a branch there is no such tag."""
    tags = stack_tags(for_branch(environment(), "feature/x"))
    assert tags["windsock:branch"] == "feature/x"
    assert tags["windsock:environment"] == "demo-feature-x-72935a2"
