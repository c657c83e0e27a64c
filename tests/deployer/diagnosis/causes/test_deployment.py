"""The deployment itself: what the account lacks, and what nobody can explain, in the words of AWS."""

from deployer.account.quotas import Shortage
from deployer.account.service_linked_roles import ServiceLinkedRole
from deployer.diagnosis.causes.deployment import (
    failed_operation,
    missing_roles,
    no_room,
    not_deployed,
    under_way,
    unexplained,
)
from deployer.diagnosis.evidence import ABSENT, Evidence, Source, Statement
from deployer.health.airflow_health import WebHealth
from deployer.health.verify import Health
from tests.spec.minimal import minimal

ENV = minimal()
ROLE = ServiceLinkedRole("ecs.amazonaws.com", "AWSServiceRoleForECS")


def test_roles_that_are_missing_count_where_something_is_deployed() -> None:
    """A first deploy makes them."""
    (cause,) = missing_roles(Evidence(env=ENV, stack="ROLLBACK_COMPLETE", roles=(ROLE,)))
    assert cause.name == "missing service-linked role"
    assert list(missing_roles(Evidence(env=ENV, stack=ABSENT, roles=(ROLE,)))) == []


def test_a_quota_that_leaves_no_room_is_shown_with_its_link() -> None:
    """There somebody asks for more."""
    short = Shortage(name="VPCs per Region", value=5, used=5, needed=1, link="https://x")
    (cause,) = no_room(Evidence(env=ENV, shortages=(short,)))
    assert "https://x" in cause.shown_by[0]


def test_a_stack_is_absent_under_way_or_neither() -> None:
    """Each state has its own sentence."""
    looks = (not_deployed, under_way)
    found = [
        [cause.name for look in looks for cause in look(Evidence(env=ENV, stack=stack))]
        for stack in (ABSENT, "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE")
    ]
    assert found == [["not deployed"], ["operation under way"], []]


def test_a_failed_operation_is_told_in_the_words_of_aws() -> None:
    """With the resource, where it is known."""
    said = Statement(Source.EVENT, "Network/Vpc", "AWS::EC2::VPC: something new")
    failed = Evidence(env=ENV, stack="ROLLBACK_COMPLETE", failed=True, statements=(said,))
    (cause,) = failed_operation(failed)
    assert cause.shown_by == ("stack event, Network/Vpc: AWS::EC2::VPC: something new",)
    (unknown,) = failed_operation(Evidence(env=ENV, stack="DELETE_FAILED", failed=True))
    assert "the stack is DELETE_FAILED" in unknown.what
    assert list(failed_operation(Evidence(env=ENV, stack="CREATE_COMPLETE"))) == []


def test_complaints_that_nothing_explains_are_told_as_they_are() -> None:
    """With what the tasks say, and without their logs."""
    health = Health(services=(), targets=(), web=WebHealth(reached=False), complaints=("The scheduler is ill.",))
    said = (Statement(Source.TASK, "scheduler", "gone"), Statement(Source.LOG, "scheduler", "much"))
    (cause,) = unexplained(Evidence(env=ENV, health=health, statements=said))
    assert (cause.what, cause.shown_by) == ("The scheduler is ill.", ("ECS task, scheduler: gone",))
    assert list(unexplained(Evidence(env=ENV))) == []
