"""The bootstrap stack is created once per account and region, and found again by its name."""

import pytest

from compiler.contract import BOOTSTRAP_STACK
from deployer.stacks.bootstrap import ensure_bootstrap, find_templates_bucket
from deployer.stacks.rollout import RolloutFailure
from tests.deployer.fakes.environment import World, template_set
from tests.deployer.fakes.session import Recorder


def test_the_first_environment_creates_the_bootstrap_stack() -> None:
    """Its template goes in the request itself: there is no bucket yet that could hold it."""
    world = World()
    assert ensure_bootstrap(world.session.as_session, template_set(), Recorder())["TemplatesBucket"] == "templates"
    order = next(iter(world.session.cloudformation.orders.values()))
    assert (order.stack, order.kind, order.body) == (BOOTSTRAP_STACK, "CREATE", template_set().files["toolkit.yaml"])


def test_the_bootstrap_stack_has_no_tags() -> None:
    """It belongs to all environments; a tag of one would change with each deploy."""
    world = World()
    ensure_bootstrap(world.session.as_session, template_set(), Recorder())
    assert world.session.cloudformation.stacks[BOOTSTRAP_STACK].tags == {}


def test_the_second_environment_uses_the_existing_bootstrap_stack() -> None:
    """The same template changes nothing."""
    world = World()
    for _ in range(2):
        assert ensure_bootstrap(world.session.as_session, template_set(), Recorder())["TemplatesBucket"] == "templates"
    assert world.session.cloudformation.executed == [BOOTSTRAP_STACK]


def test_a_bootstrap_stack_that_rolls_back_fails_the_deploy() -> None:
    """Nothing goes on without a place for templates."""
    world = World()
    world.session.cloudformation.endings[BOOTSTRAP_STACK] = ["ROLLBACK_COMPLETE"]
    with pytest.raises(RolloutFailure, match="ended with ROLLBACK_COMPLETE"):
        ensure_bootstrap(world.session.as_session, template_set(), Recorder())


def test_the_templates_bucket_is_found_without_creating_anything() -> None:
    """A teardown only reads."""
    world = World()
    assert find_templates_bucket(world.session.as_session) is None
    assert world.session.cloudformation.orders == {}
    ensure_bootstrap(world.session.as_session, template_set(), Recorder())
    assert find_templates_bucket(world.session.as_session) == "templates"


def test_a_rolled_back_bootstrap_stack_has_no_templates_bucket() -> None:
    """A stack without outputs has no bucket to use."""
    world = World()
    world.session.cloudformation.put(BOOTSTRAP_STACK, "ROLLBACK_COMPLETE")
    assert find_templates_bucket(world.session.as_session) is None


def test_a_bootstrap_stack_whose_deletion_failed_is_used() -> None:
    """Its bucket was in use, so it stayed; without the bucket, the deploy fails."""
    world = World()
    outputs = {"TemplatesBucket": "templates"}
    world.session.cloudformation.put(BOOTSTRAP_STACK, "DELETE_FAILED", outputs=outputs)
    assert ensure_bootstrap(world.session.as_session, template_set(), Recorder()) == outputs
    assert world.session.cloudformation.orders == {}
    del world.session.s3.buckets["templates"]
    with pytest.raises(RolloutFailure, match="DELETE_FAILED"):
        ensure_bootstrap(world.session.as_session, template_set(), Recorder())
