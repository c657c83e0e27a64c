"""What becomes of a change by hand, by what the YAML says and a deploy touches."""

from typing import Any

import pytest

from deployer.aws.stacks import PropertyDrift
from deployer.differences.by_hand import ChangeByHand, Outcome, changes_by_hand
from deployer.differences.difference import (
    NO_DIFFERENCE,
    Danger,
    Difference,
    Effect,
    PropertyChange,
    ResourceDifference,
)
from deployer.health.drift import HandChange

INSTANCE = "AWS::RDS::DBInstance"


def _change(
    path: str = "Database/Instance", type_: str = INSTANCE, name: str = "DBInstanceClass", actual: str = "db.t4g.small"
) -> HandChange:
    return HandChange(path=path, type=type_, properties=(PropertyDrift(path=name, expected="a", actual=actual),))


def _difference(name: str, after: Any, path: str = "Database/Instance") -> Difference:
    change = PropertyChange(path=name, before="a", after=after, effect=Effect.IN_PLACE)
    resource = ResourceDifference(
        path=path, type=INSTANCE, description="", danger=Danger.CHANGED, properties=(change,) if after else ()
    )
    return Difference(resources=(resource,))


def _one(change: HandChange, difference: Difference = NO_DIFFERENCE, *, repairs: bool = False) -> ChangeByHand:
    (found,) = changes_by_hand((change,), difference, repairs=repairs)
    return found


def test_a_deploy_leaves_what_it_does_not_touch() -> None:
    """The way to take it back is named."""
    found = _one(_change())
    assert (found.deployed, found.actual, found.wanted, found.outcome) == ("a", "db.t4g.small", "", Outcome.LEFT)
    assert "--repair" in found.outcome.value


def test_a_deploy_that_changes_the_resource_may_take_it_back() -> None:
    """Another property of it, or the same one to a third value."""
    assert _one(_change(), _difference("AllocatedStorage", "30")).outcome is Outcome.AT_RISK
    found = _one(_change(), _difference("DBInstanceClass", "db.t4g.large"))
    assert (found.wanted, found.outcome) == ("db.t4g.large", Outcome.AT_RISK)


def test_a_yaml_that_followed_the_change_agrees_with_it() -> None:
    """Nothing is taken back."""
    assert _one(_change(), _difference("DBInstanceClass", "db.t4g.small")).outcome is Outcome.REACHED


@pytest.mark.parametrize(
    ("service", "actual", "outcome"),
    [
        ("SchedulerService", "2", Outcome.KEPT),
        ("SchedulerService", "0", Outcome.STARTED),
        ("DatabaseService", "0", Outcome.LEFT),
    ],
)
def test_the_number_of_tasks_is_kept_or_started_again(service: str, actual: str, outcome: Outcome) -> None:
    """That of a database in a container is no choice of anybody."""
    change = _change(f"Services/{service}", "AWS::ECS::Service", "DesiredCount", actual)
    assert _one(change).outcome is outcome


def test_what_is_gone_is_made_again_by_a_repair() -> None:
    """Unless the YAML does without it; the repair itself says so of what it makes."""
    gone = HandChange(path="Storage/CodeBucket", type="AWS::S3::Bucket", deleted=True)
    assert (_one(gone).actual, _one(gone).outcome) == ("gone", Outcome.REMADE)
    assert _one(gone, _difference("", None, path="Storage/CodeBucket")).outcome is Outcome.REMOVED
    (made,) = changes_by_hand([gone], NO_DIFFERENCE, repairs=True)
    assert made.outcome is Outcome.MADE_AGAIN


def test_a_repair_takes_everything_back() -> None:
    """The number of tasks too."""
    change = _change("Services/SchedulerService", "AWS::ECS::Service", "DesiredCount", "2")
    assert _one(change, repairs=True).outcome is Outcome.REVERTED
