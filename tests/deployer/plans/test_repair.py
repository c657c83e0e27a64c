"""What somebody deleted is made again where that is wanted, and nothing else is done before."""

from dataclasses import replace

import pytest

from deployer.aws.stacks import PropertyDrift
from deployer.differences.by_hand import Outcome
from deployer.health.drift import Drift, HandChange
from deployer.plans.deploy import plan_deploy
from deployer.plans.plan import Plan
from deployer.plans.repair import MissingRefusal, plan_repair
from deployer.plans.upgrade import DeployChoices
from deployer.stacks.statuses import Action, action_of
from tests.deployer.fakes.environment import environment, template_set
from tests.deployer.fakes.observed import CODE, deployed, steps_of

LACKING = replace(deployed(), missing=("Storage/CodeBucket", "Services/Scheduler"))


def _plan(*, wanted: bool) -> Plan:
    return plan_repair(environment(), template_set(), LACKING, frozenset(), wanted=wanted)


def test_what_is_missing_is_named_with_the_way_to_make_it_again() -> None:
    """Every part of it; a deploy of itself takes nothing back."""
    assert action_of(LACKING.stack) is Action.UPDATE
    with pytest.raises(MissingRefusal, match="lacks Storage/CodeBucket, Services/Scheduler") as refusal:
        _plan(wanted=False)
    assert "windsock deploy --repair" in refusal.value.next_step


def test_a_repair_comes_before_everything_and_is_not_the_end() -> None:
    """Its change set needs the templates; what comes after is planned on what there is then."""
    plan = _plan(wanted=True)
    assert not plan.final
    assert [name for name, _ in steps_of(plan)] == ["EnsureBootstrap", "UploadTemplates", "RepairStack"]


def test_a_repair_takes_back_what_was_changed_too() -> None:
    """Each change is named before; without --repair a deploy refuses nothing for it."""
    change = HandChange(
        path="Services/SchedulerService",
        type="AWS::ECS::Service",
        properties=(PropertyDrift(path="DesiredCount", expected="1", actual="2"),),
    )
    seen = replace(deployed(), drift=Drift(changes=(change,)))
    plan = plan_deploy(environment(), template_set(), CODE, seen, choices=DeployChoices(repair=True))
    assert not plan.final
    assert [one.outcome for one in plan.by_hand] == [Outcome.REVERTED]
    usual = plan_deploy(environment(), template_set(), CODE, seen)
    assert usual.final
    assert [one.outcome for one in usual.by_hand] == [Outcome.KEPT]
