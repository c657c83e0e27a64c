"""Change sets are created, read and removed."""

from dataclasses import replace

import pytest

from deployer.aws.stacks import STACK_TYPE, Change
from deployer.stacks.change_sets import Target, is_current, propose
from spec.errors import Refusal
from tests.deployer.fakes.calls import CountedCalls
from tests.deployer.fakes.cloudformation import NO_CHANGES
from tests.deployer.fakes.session import FakeSession

TARGET = Target(name="demo", body="Resources: {}", parameters={"A": "1"}, tags={"team": "data"})


def test_a_proposal_reads_nested_change_sets() -> None:
    """Every change is found, with the logical path of its resource."""
    session = FakeSession()
    session.cloudformation.changes = {
        "demo": (Change(action="Modify", logical_id="Database", type=STACK_TYPE, nested="arn:nested"),),
        "arn:nested": (
            Change(action="Modify", logical_id="Instance", type="AWS::RDS::DBInstance", replacement="True"),
        ),
    }
    proposal = propose(session.as_session, TARGET, first=False)
    assert proposal is not None
    assert [change.path for change in proposal.changes] == ["Database", "Database/Instance"]


def test_a_nested_stack_whose_change_set_is_empty_is_known() -> None:
    """CloudFormation shows every nested stack as changed whenever one is."""
    session, nested = FakeSession(), {name: f"arn:{name}" for name in ("Network", "Database", "Inner", "Deepest")}
    fake = session.cloudformation
    changed = {name: Change(action="Modify", logical_id=name, type=STACK_TYPE, nested=nested[name]) for name in nested}
    fake.changes = {
        "demo": (changed["Network"], changed["Database"], changed["Inner"]),
        nested["Network"]: (),
        nested["Database"]: (Change(action="Modify", logical_id="Instance", type="AWS::RDS::DBInstance"),),
        nested["Inner"]: (changed["Deepest"],),
        nested["Deepest"]: (),
    }
    proposal = propose(session.as_session, TARGET, first=False)
    assert proposal is not None
    assert proposal.still == {"Network", "Inner/Deepest"}


INSTANCE = Change(action="Modify", logical_id="Instance", type="AWS::RDS::DBInstance", replacement="False")


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        (INSTANCE, ()),
        (replace(INSTANCE, replacement="True"), ("Database",)),
        (replace(INSTANCE, replacement="Conditional"), ()),
        (Change(action="Remove", logical_id="Bucket", type="AWS::S3::Bucket"), ("Database",)),
        (Change(action="Add", logical_id="Vpc", type="AWS::EC2::VPC"), ("Database",)),
        (Change(action="Add", logical_id="Inner", type=STACK_TYPE, nested="Inner"), ("Database", "Inner")),
    ],
)
def test_findings_are_asked_for_where_something_surely_comes_or_goes(change: Change, asked: tuple[str, ...]) -> None:
    """Validation warns of quotas for what is made, and of what is in buckets and repositories that are deleted."""
    session = FakeSession()
    session.cloudformation.changes = {
        "demo": (Change(action="Modify", logical_id="Database", type=STACK_TYPE, nested="Database"),),
        "Database": (change,),
        "Inner": (),
    }
    session.cloudformation.findings = {name: (name,) for name in ("demo", "Database", "Inner")}
    proposal = propose(session.as_session, TARGET, first=False)
    assert proposal is not None
    assert proposal.warnings == asked


def test_of_a_creation_only_the_root_is_read_and_all_is_validated() -> None:
    """It adds everything, so that the change sets of its nested stacks say nothing that decides anything."""
    session = FakeSession()
    calls, fake = CountedCalls(session), session.cloudformation
    fake.changes["demo"] = (Change(action="Add", logical_id="Database", type=STACK_TYPE, nested="Database"),)
    fake.findings = {name: (f"{name} warns",) for name in ("demo", "Database")}
    proposal = propose(calls.as_session, TARGET, first=True)
    assert proposal is not None
    assert calls.made["cloudformation.change_set"] == 1
    assert proposal.warnings == ("demo warns", "Database warns")
    assert proposal.still == frozenset()


@pytest.mark.parametrize("reason", [NO_CHANGES, "No updates are to be performed."])
def test_no_changes_are_nothing_to_do(reason: str) -> None:
    """CloudFormation calls it a failure; it is none, and its change set goes."""
    session = FakeSession()
    session.cloudformation.refusals["demo"] = reason
    assert propose(session.as_session, TARGET, first=False) is None
    assert len(session.cloudformation.deleted_change_sets) == 1


def test_a_refused_change_set_is_removed_with_its_reason() -> None:
    """Nothing is left behind, not even the empty stack of a first change set."""
    session = FakeSession()
    session.cloudformation.refusals["demo"] = "Template error: no such resource X"
    with pytest.raises(Refusal, match="no such resource X"):
        propose(session.as_session, TARGET, first=True)
    assert len(session.cloudformation.deleted_change_sets) == 1
    assert session.cloudformation.deleted == ["demo"]


def test_an_equal_tree_needs_no_change_set() -> None:
    """Root template, parameters and tags decide; the parameters carry the hashes of the nested templates."""
    session = FakeSession()
    stack = session.cloudformation.put(
        "demo", "UPDATE_COMPLETE", template="Resources: {}\n", parameters={"A": "1"}, tags={"team": "data"}
    )
    assert is_current(session.as_session, stack, TARGET)
    assert not is_current(session.as_session, stack, replace(TARGET, parameters={"A": "2"}))
    assert not is_current(session.as_session, stack, replace(TARGET, body="Resources: {B: 1}"))
    assert not is_current(session.as_session, stack, replace(TARGET, tags={"team": "web"}))
