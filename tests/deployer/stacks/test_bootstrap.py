"""The bootstrap stack is created once per account and region, and found again by its name."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from compiler.contract import BOOTSTRAP_STACK, ENVIRONMENT_TAG
from compiler.model.template_set import BOOTSTRAP, TemplateSet
from deployer.stacks.bootstrap import ensure_bootstrap, find_templates_bucket
from deployer.stacks.rollout import RolloutFailure
from spec.environment import Environment
from spec.errors import Refusal
from tests.deployer.fakes.environment import World, environment, template_set
from tests.deployer.fakes.session import Recorder


def test_the_first_environment_creates_the_bootstrap_stack() -> None:
    """Its template goes in the request itself: there is no bucket yet that could hold it."""
    world = World()
    assert _ensure(world)["TemplatesBucket"] == "templates"
    order = next(iter(world.session.cloudformation.orders.values()))
    assert (order.stack, order.kind, order.body) == (BOOTSTRAP_STACK, "CREATE", template_set().files["toolkit.yaml"])


def test_the_bootstrap_stack_has_the_users_tags_and_no_environments_name() -> None:
    """An account may demand tags of everything; with the name of an environment, its expiry could delete it."""
    world = World()
    _ensure(world)
    assert world.session.cloudformation.stacks[BOOTSTRAP_STACK].tags == {"team": "data"}


def test_another_environment_changes_no_tag_that_the_bootstrap_stack_has() -> None:
    """It adds what is missing, so that deploys of two environments do not change it back and forth."""
    world, other = World(), environment(**{"team: data": "team: web, stage: test"})
    for env in (environment(), other, environment(), other):
        _ensure(world, env=env)
    fake = world.session.cloudformation
    assert fake.stacks[BOOTSTRAP_STACK].tags == {"team": "data", "stage": "test"}
    assert fake.executed == [BOOTSTRAP_STACK] * 2


def test_a_deletion_role_that_another_environment_expires_with_is_not_replaced() -> None:
    """Its schedule passes that role; the environment's own schedule gets the new one in the same deploy."""
    world = World()
    _ensure(world, _toolkit("/"))
    fake = world.session.cloudformation
    fake.put("mayfly", "CREATE_COMPLETE", tags={ENVIRONMENT_TAG: "mayfly"}, parameters={"DeletionRole": "arn"})
    with pytest.raises(Refusal, match="which mayfly expires with"):
        _ensure(world, _toolkit("/team/"))
    fake.put("mayfly", "CREATE_COMPLETE", tags={ENVIRONMENT_TAG: "demo"}, parameters={"DeletionRole": "arn"})
    _ensure(world, _toolkit("/team/"))
    assert fake.executed == [BOOTSTRAP_STACK] * 2


def test_the_second_environment_uses_the_existing_bootstrap_stack() -> None:
    """The same template changes nothing."""
    world = World()
    for _ in range(2):
        assert _ensure(world)["TemplatesBucket"] == "templates"
    assert world.session.cloudformation.executed == [BOOTSTRAP_STACK]


def test_a_bootstrap_stack_that_rolls_back_fails_the_deploy() -> None:
    """Nothing goes on without a place for templates."""
    world = World()
    world.session.cloudformation.endings[BOOTSTRAP_STACK] = ["ROLLBACK_COMPLETE"]
    with pytest.raises(RolloutFailure, match="ended with ROLLBACK_COMPLETE"):
        _ensure(world)


def test_the_templates_bucket_is_found_without_creating_anything() -> None:
    """A teardown only reads."""
    world = World()
    assert find_templates_bucket(world.session.as_session) is None
    assert world.session.cloudformation.orders == {}
    _ensure(world)
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
    assert _ensure(world) == outputs
    assert world.session.cloudformation.orders == {}
    del world.session.s3.buckets["templates"]
    with pytest.raises(RolloutFailure, match="DELETE_FAILED"):
        _ensure(world)


def _ensure(world: World, templates: TemplateSet | None = None, env: Environment | None = None) -> Mapping[str, str]:
    return ensure_bootstrap(env or environment(), world.session.as_session, templates or template_set(), Recorder())


def _toolkit(path: str) -> TemplateSet:
    small = template_set()
    body = f"Resources: {{DeletionRole: {{Type: 'AWS::IAM::Role', Properties: {{Path: {path}}}}}}}\n"
    return replace(small, files={**small.files, BOOTSTRAP: body})
