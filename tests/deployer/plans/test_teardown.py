"""What a teardown decides, case by case, without AWS."""

from dataclasses import replace
from typing import Any

import pytest

from deployer.plans.observed import BootstrapStack, Observed
from deployer.plans.plan import Plan
from deployer.plans.teardown import ProtectionRefusal, plan_teardown
from deployer.record.owned_resources import OwnedResources
from deployer.stacks.preflight import PreflightRefusal
from deployer.steps.teardown.delete import Drain
from spec.errors import Refusal
from tests.deployer.fakes.environment import environment, template_set
from tests.deployer.fakes.observed import absent, deployed, step_of, with_stack

OWNED = OwnedResources(buckets=("code",), services=("Scheduler",))


def _plan(observed: Observed, **more: Any) -> Plan:
    return plan_teardown(environment(), observed, **more)


def _kinds(plan: Plan) -> list[str]:
    return [type(step).__name__ for step in plan.steps]


def _protected() -> Observed:
    observed = deployed()
    assert observed.stack is not None
    return with_stack(observed, outputs={**observed.stack.outputs, "Protect": "true"})


def test_a_deployed_environment_is_drained_deleted_and_cleared() -> None:
    """The note is written before anything is lost, and the plan names what is to be emptied and stopped."""
    plan = _plan(replace(deployed(), owned=OWNED))
    assert _kinds(plan) == ["RecordTeardown", "Drain", "DeleteStack", "ClearRemains", "ClearTemplates"]
    drain = step_of(plan, Drain)
    assert isinstance(drain, Drain)
    assert drain.owned == OWNED
    assert all(step.reason for step in plan.steps)


def test_where_there_is_no_stack_only_the_remains_are_cleared() -> None:
    """As a killed teardown left them."""
    assert _kinds(_plan(absent())) == ["ClearRemains"]
    left = replace(absent(), bootstrap=BootstrapStack(bucket="templates"))
    assert _kinds(_plan(left)) == ["ClearRemains", "ClearTemplates"]


@pytest.mark.parametrize("status", ["DELETE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "CREATE_IN_PROGRESS"])
def test_an_operation_in_progress_is_waited_for(status: str) -> None:
    """What comes after is planned when it is over."""
    plan = _plan(with_stack(deployed(), status=status))
    assert (_kinds(plan), plan.final) == (["AwaitOperation"], False)


@pytest.mark.parametrize("status", ["REVIEW_IN_PROGRESS", "DELETE_FAILED", "ROLLBACK_COMPLETE"])
def test_a_stack_at_rest_is_deleted_whatever_its_status(status: str) -> None:
    """Also a first change set that nobody executed, and what an earlier teardown left."""
    assert "DeleteStack" in _kinds(_plan(with_stack(deployed(), status=status)))


@pytest.mark.parametrize("unprotect", [None, "demmo", "Demo"])
def test_a_protected_environment_is_refused(unprotect: str | None) -> None:
    """Only its own name, letter by letter, ends the protection."""
    with pytest.raises(ProtectionRefusal, match="--unprotect demo"):
        _plan(_protected(), unprotect=unprotect, unprotected=template_set())


def test_protection_ends_before_anything_else() -> None:
    """With the templates that were compiled without it."""
    plan = _plan(_protected(), unprotect="demo", unprotected=template_set())
    assert _kinds(plan)[0] == "Unprotect"
    assert "Unprotect" not in _kinds(_plan(deployed(), unprotect="demo", unprotected=template_set()))


def test_protection_cannot_be_taken_off_without_a_bucket_for_templates() -> None:
    """By looking, before anything is written."""
    observed = replace(_protected(), bootstrap=BootstrapStack())
    with pytest.raises(Refusal, match="windsock-toolkit"):
        _plan(observed, unprotect="demo", unprotected=template_set())


def test_a_stack_without_outputs_is_as_protected_as_the_yaml_says() -> None:
    """It has no outputs that could say it."""
    env = environment(name="protect: true\nname")
    with pytest.raises(ProtectionRefusal):
        plan_teardown(env, with_stack(deployed(env), outputs={}))


@pytest.mark.parametrize("unprotect", [None, "demo"])
def test_a_protected_stack_that_never_came_up_needs_no_unprotect(unprotect: str | None) -> None:
    """Nobody ever used it: its protection is lifted, and nothing is created first."""
    env = environment(name="protect: true\nname")
    seen = replace(with_stack(deployed(env), status="ROLLBACK_FAILED", outputs={}), never_came_up=True)
    plan = plan_teardown(env, seen, unprotect=unprotect, unprotected=template_set() if unprotect else None)
    assert _kinds(plan)[:2] == ["LiftProtection", "RecordTeardown"]


def test_the_protection_of_a_stack_that_cannot_be_updated_ends_by_api() -> None:
    """No change set could take it off; it needs no bucket for templates either."""
    seen = replace(with_stack(_protected(), status="DELETE_FAILED"), bootstrap=BootstrapStack())
    with pytest.raises(ProtectionRefusal):
        _plan(seen)
    assert _kinds(_plan(seen, unprotect="demo", unprotected=template_set()))[0] == "LiftProtection"


def test_an_expiry_that_did_not_finish_is_finished_with_the_role_of_this_release() -> None:
    """CloudFormation goes on with the role of the expiry, and an older release gave it too little."""
    expired = with_stack(deployed(), status="DELETE_FAILED", role="arn:aws:iam::123456789012:role/deletion")
    assert _kinds(_plan(expired, templates=template_set()))[0] == "EnsureBootstrap"
    assert "EnsureBootstrap" not in _kinds(_plan(deployed(), templates=template_set()))


def test_a_stack_of_somebody_else_and_another_account_are_refused() -> None:
    """An equal name is no licence to delete."""
    with pytest.raises(PreflightRefusal, match="did not make it"):
        _plan(with_stack(deployed(), tags={}))
    with pytest.raises(PreflightRefusal, match=r"999999999999.*123456789012"):
        _plan(replace(absent(), account="999999999999"))
