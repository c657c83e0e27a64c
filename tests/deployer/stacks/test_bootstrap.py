"""The toolkit is made once per account and region, and found again by its name."""

import pytest

from compiler.contract import BOOTSTRAP_STACK
from deployer.stacks.bootstrap import ensure_toolkit, find_templates_bucket
from deployer.stacks.rollout import RolloutFailure
from tests.deployer.fakes.environment import World, template_set
from tests.deployer.fakes.session import Recorder


def test_the_first_environment_makes_it() -> None:
    """Its template goes in the request itself: there is no bucket yet that could hold it."""
    world = World()
    assert ensure_toolkit(world.session.as_session, template_set(), Recorder())["TemplatesBucket"] == "templates"
    order = next(iter(world.session.cloudformation.orders.values()))
    assert (order.stack, order.kind, order.body) == (BOOTSTRAP_STACK, "CREATE", template_set().files["toolkit.yaml"])


def test_it_bears_no_tag_of_an_environment() -> None:
    """It belongs to all of them; a tag would change with each that comes along."""
    world = World()
    ensure_toolkit(world.session.as_session, template_set(), Recorder())
    assert world.session.cloudformation.stacks[BOOTSTRAP_STACK].tags == {}


def test_the_second_environment_finds_it() -> None:
    """The same template changes nothing."""
    world = World()
    for _ in range(2):
        assert ensure_toolkit(world.session.as_session, template_set(), Recorder())["TemplatesBucket"] == "templates"
    assert world.session.cloudformation.executed == [BOOTSTRAP_STACK]


def test_a_toolkit_that_cannot_be_made_is_told() -> None:
    """Nothing goes on without a place for templates."""
    world = World()
    world.session.cloudformation.endings[BOOTSTRAP_STACK] = ["ROLLBACK_COMPLETE"]
    with pytest.raises(RolloutFailure, match="ended with ROLLBACK_COMPLETE"):
        ensure_toolkit(world.session.as_session, template_set(), Recorder())


def test_its_bucket_is_found_without_a_change() -> None:
    """A teardown asks and makes nothing."""
    world = World()
    assert find_templates_bucket(world.session.as_session) is None
    assert world.session.cloudformation.orders == {}
    ensure_toolkit(world.session.as_session, template_set(), Recorder())
    assert find_templates_bucket(world.session.as_session) == "templates"


def test_a_toolkit_that_never_came_up_has_no_bucket() -> None:
    """A stack without outputs is no toolkit."""
    world = World()
    world.session.cloudformation.put(BOOTSTRAP_STACK, "ROLLBACK_COMPLETE")
    assert find_templates_bucket(world.session.as_session) is None


def test_a_bootstrap_stack_whose_deletion_failed_is_used() -> None:
    """Its bucket was in use, so it stayed; without the bucket, a person has to look."""
    world = World()
    told = {"TemplatesBucket": "templates"}
    world.session.cloudformation.put(BOOTSTRAP_STACK, "DELETE_FAILED", outputs=told)
    assert ensure_toolkit(world.session.as_session, template_set(), Recorder()) == told
    assert world.session.cloudformation.orders == {}
    del world.session.s3.buckets["templates"]
    with pytest.raises(RolloutFailure, match="DELETE_FAILED"):
        ensure_toolkit(world.session.as_session, template_set(), Recorder())
