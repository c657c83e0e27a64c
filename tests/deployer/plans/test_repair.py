"""What somebody deleted is made again where that is wanted, and nothing else is done before."""

from dataclasses import replace

import pytest

from deployer.aws.stacks import PropertyDrift
from deployer.differences.by_hand import Outcome
from deployer.health.drift import Drift, HandChange
from deployer.plans.deploy import plan_deploy
from deployer.plans.plan import Plan
from deployer.plans.repair import EmptiedRefusal, MissingRefusal, plan_repair
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


def test_a_key_that_would_be_another_is_not_made_again_unasked() -> None:
    """What the database holds could never be read again; a secret that can be restored keeps its value."""
    lacking = replace(deployed(), missing=("Secrets/FernetSeed", "Secrets/JwtSecret"))
    env, templates, key = environment(), template_set(), "Secrets/FernetSeed"
    with pytest.raises(EmptiedRefusal, match="without what was in Secrets/FernetSeed") as refusal:
        plan_repair(env, templates, lacking, frozenset(), wanted=True)
    assert refusal.value.next_step.endswith("--allow-replace Secrets/FernetSeed")
    assert not plan_repair(env, templates, lacking, frozenset({key}), wanted=True).final
    assert not plan_repair(env, templates, replace(lacking, restorable=(key,)), frozenset(), wanted=True).final


def test_a_rule_that_was_put_back_by_hand_is_told() -> None:
    """EC2 would not take the one of the template beside it."""
    observed = replace(deployed(), put_back={"Network/WebIngress": "sgr-1"})
    (note,) = plan_deploy(environment(), template_set(), CODE, observed, choices=DeployChoices(repair=True)).notes
    assert "Network/WebIngress was put back by hand as sgr-1" in note


def test_a_repair_lets_cloudformation_look_even_where_nothing_was_found() -> None:
    """A change that was rolled back may have left services with the id of what is gone."""
    plan = plan_deploy(environment(), template_set(), CODE, deployed(), choices=DeployChoices(repair=True))
    assert [name for name, _ in steps_of(plan)][-1] == "RepairStack"
    assert "CloudFormation looks for itself" in plan.steps[-1].reason


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
