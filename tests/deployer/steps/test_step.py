"""Facts say what is missing instead of going on without it."""

import pytest

from deployer.record.teardown_report import TeardownReport
from deployer.stacks.rollout import RolloutFailure
from deployer.steps.step import Facts
from tests.deployer.fakes.running import Running


def test_facts_without_a_stack_have_no_outputs() -> None:
    """Somebody may have deleted it meanwhile."""
    with pytest.raises(RolloutFailure, match="is gone"):
        _ = Facts(report=TeardownReport("demo")).outputs


def test_facts_with_a_stack_have_its_outputs() -> None:
    """Read anew from the stack that the last step returned."""
    assert Running().facts().outputs.code_bucket == "code"


def test_a_stack_cannot_be_rolled_out_before_templates_are_uploaded() -> None:
    """A plan in that order would be a fault of ours."""
    with pytest.raises(ValueError, match="uploads templates"):
        _ = Running().facts().templates
