"""What becomes of each resource, and of those that take a value of it."""

import pytest

from compiler.model.stack_graph import StackGraph
from compiler.model.template_set import TemplateSet
from deployer.differences.compare import compare
from deployer.differences.consequences import IN_TURN, OVERLAPPING, RESTART, STOPPED_FIRST
from deployer.differences.difference import Danger, Effect, ResourceDifference
from tests.deployer.differences.sets import example, small

NOTHING = TemplateSet(name="demo", files={}, nested=())


def _found(*replaced: tuple[str, str]) -> dict[str, ResourceDifference]:
    return {resource.path: resource for resource in compare(example(), example(*replaced)).resources}


def test_the_same_templates_have_no_difference() -> None:
    """Every resource is counted."""
    found = compare(example(), example())
    assert not found
    assert found.unchanged == len(StackGraph.of(example()).resources)


def test_a_new_environment_is_added_whole() -> None:
    """Compared with nothing; all its rights and ports are new too."""
    found = compare(NOTHING, example())
    assert {resource.danger for resource in found.resources} == {Danger.ADDED}
    assert found.unchanged == 0
    assert found.granted
    assert found.opened
    assert not found.revoked


def test_an_environment_that_goes_loses_its_state() -> None:
    """The rest is removed."""
    found = {resource.path: resource.danger for resource in compare(example(), NOTHING).resources}
    assert found["Database/Instance"] is Danger.STATE
    assert found["Network/Vpc"] is Danger.REMOVED


def test_a_setting_of_airflow_starts_its_services_anew() -> None:
    """The task definition is a new revision, so the service that takes it changes: the scheduler stops first."""
    found = _found(("parallelism: 4", "parallelism: 8"))
    assert found["Services/SchedulerTaskDefinition"].danger is Danger.CHANGED
    assert found["Services/SchedulerService"].danger is Danger.INTERRUPTED
    assert found["Services/SchedulerService"].consequence == STOPPED_FIRST
    assert found["Services/WebserverService"].consequence == OVERLAPPING
    (taken,) = found["Services/WebserverService"].properties
    assert taken.replaced == "Services/WebserverTaskDefinition"


def test_another_number_of_tasks_is_a_change_of_the_service() -> None:
    """The root says it in the default of a parameter, and the services stack only which parameter that is."""
    two, three = (("memory: 2048}", f"memory: 2048, count: {count}}}") for count in (2, 3))
    more = {resource.path: resource for resource in compare(example(two), example(three)).resources}
    assert list(more) == ["Services/SchedulerService"]
    (change,) = more["Services/SchedulerService"].properties
    assert (change.path, change.before, change.after) == ("DesiredCount", 2, 3)
    assert more["Services/SchedulerService"].danger is Danger.CHANGED


def test_several_tasks_are_replaced_in_turn() -> None:
    """So a new setting of Airflow does not stop all schedulers at once."""
    two = ("memory: 2048}", "memory: 2048, count: 2}")
    changed = compare(example(two), example(two, ("parallelism: 4", "parallelism: 8"))).resources
    (scheduler,) = (one for one in changed if one.path == "Services/SchedulerService")
    assert scheduler.consequence == IN_TURN


def test_a_larger_database_restarts() -> None:
    """It is the same database."""
    instance = _found(("db.t4g.micro", "db.t4g.small"))["Database/Instance"]
    assert (instance.danger, instance.consequence) == (Danger.INTERRUPTED, RESTART)


def test_another_database_is_state_at_risk() -> None:
    """As the replacement guard says."""
    container = 'kind: container\n  engine: postgres\n  version: "13"\n'
    rds = 'kind: rds\n  engine: postgres\n  version: "15"\n  instance: db.t4g.micro\n  storage_gb: 20\n'
    found = _found((rds, container))
    assert found["Database/Instance"].danger is Danger.STATE
    assert "removed" in found["Database/Instance"].consequence


def test_what_a_deletion_would_take_from_now_on_is_state_at_risk() -> None:
    """`protect: false` changes nothing today, and everything on the day of a teardown."""
    found = compare(example(("protect: false", "protect: true")), example()).resources
    at_risk = {resource.path for resource in found if resource.danger is Danger.STATE}
    assert {"Database/Instance", "Secrets/FernetSeed", "Storage/FileSystem"} <= at_risk


def test_log_lines_that_are_kept_for_a_shorter_time_are_state_at_risk() -> None:
    """The older ones are deleted at once; longer is no risk."""
    shorter = _found(("retention_days: 30", "retention_days: 14"))["Storage/SchedulerLogGroup"]
    assert (shorter.danger, "30 days" in shorter.consequence) == (Danger.STATE, True)
    longer = _found(("retention_days: 30", "retention_days: 60"))["Storage/SchedulerLogGroup"]
    assert longer.danger is Danger.CHANGED


def test_a_replacement_spreads_as_far_as_its_values_go() -> None:
    """A subnet lies in its network, and everything lies in a subnet."""
    old, new = (small(Vpc=_vpc(cidr), Subnet=_in_vpc(), Other=_in_subnet()) for cidr in ("10.0.0.0/16", "10.1.0.0/16"))
    found = {resource.path: resource for resource in compare(old, new).resources}
    assert [found[f"Things/{name}"].danger for name in ("Vpc", "Subnet", "Other")] == [Danger.REPLACED] * 3
    assert found["Things/Other"].properties[0].replaced == "Things/Subnet"


def test_another_type_under_the_same_name_is_a_replacement() -> None:
    """CloudFormation makes another resource."""
    old, new = small(A={"Type": "AWS::SQS::Queue"}), small(A={"Type": "AWS::SNS::Topic"})
    (found,) = compare(old, new).resources
    assert (found.properties[0].path, found.properties[0].after) == ("Type", "AWS::SNS::Topic")
    assert found.danger is Danger.REPLACED


def test_a_description_alone_is_no_change() -> None:
    """Metadata reaches no resource."""
    old, new = (small(A={"Type": "T", "Metadata": {"Description": text}}) for text in ("a", "b"))
    assert not compare(old, new)


@pytest.mark.parametrize(
    ("name", "effect"), [("MultiAZ", Effect.IN_PLACE), ("Engine", Effect.MAY_REPLACE), ("DBName", Effect.REPLACE)]
)
def test_of_state_the_replacement_guard_has_the_say(name: str, effect: Effect) -> None:
    """The registry lists cases that no plain instance has."""
    old, new = (small(A={"Type": "AWS::RDS::DBInstance", "Properties": {name: value}}) for value in ("a", "b"))
    (found,) = compare(old, new).resources
    assert found.properties[0].effect is effect


def _vpc(cidr: str) -> dict[str, object]:
    return {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": cidr}}


def _in_vpc() -> dict[str, object]:
    return {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}}}


def _in_subnet() -> dict[str, object]:
    return {"Type": "AWS::EFS::MountTarget", "Properties": {"SubnetId": {"Ref": "Subnet"}}}
