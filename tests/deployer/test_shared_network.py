"""The network of several environments is made, watched and deleted, on the AWS in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from compiler.compile import compile_network
from deployer.account.networks import NetworkRefusal
from deployer.account.quotas import QuotaRefusal
from deployer.aws.stacks import Change
from deployer.losses.network_changes import NetworkChangeRefusal
from deployer.shared_network import (
    NetworkInUse,
    PlannedNetwork,
    network_status,
    plan_network,
    tear_down_network,
)
from deployer.stacks.preflight import PreflightRefusal
from deployer.stacks.rollout import RolloutFailure
from spec.sections.networks.shared_network import SharedNetwork
from tests.deployer.fakes.cloudformation import FakeCloudFormation
from tests.deployer.fakes.session import FakeEc2, FakeQuotas, FakeSession, Recorder
from tests.spec.networks import BALANCER, shared_network

USERS = ("demo", "demo-branch")


def _outputs(_name: str, _parameters: Mapping[str, str]) -> Mapping[str, str]:
    return {"Vpc": "vpc-1", "AccessLogBucket": "team-accesslogbucket-1"}


@dataclass
class Account:
    """An account in which a network may stand."""

    folder: Path
    cloudformation: FakeCloudFormation = field(default_factory=lambda: FakeCloudFormation(outputs=_outputs))
    session: FakeSession = field(init=False)

    def __post_init__(self) -> None:
        """Open it."""
        self.session = FakeSession(cloudformation=self.cloudformation)

    def network(self, old: str = "", new: str = "") -> SharedNetwork:
        """Return the network of the YAML with a change."""
        return shared_network(self.folder, old, new)

    def plan(self, old: str = "", new: str = "") -> PlannedNetwork:
        """Plan a deploy of it."""
        network = self.network(old, new)
        return plan_network(network, compile_network(network), self.session.as_session, Recorder())

    def deploy(self, old: str = "", new: str = "") -> bool:
        """Deploy it, and return whether anything had to be done."""
        return self.plan(old, new).execute(Recorder()).changed

    def tear_down(self) -> bool:
        """Take it down."""
        return tear_down_network(self.network(), self.session.as_session, Recorder())


@pytest.fixture
def account(tmp_path: Path) -> Account:
    """Return an empty account."""
    return Account(tmp_path)


def test_a_network_is_one_stack_with_its_tag(account: Account) -> None:
    """A second deploy finds nothing to do, and says so before it asks."""
    planned = account.plan()
    assert set(planned.changes) == {"created", "changed", "deleted"}
    assert "Vpc" in planned.changes["created"]
    assert planned.execute(Recorder()).changed
    assert account.cloudformation.stacks["team"].tags == {"windsock:network": "team"}
    assert account.plan().is_current
    assert not account.deploy()
    assert account.cloudformation.executed == ["team"]


def test_a_third_zone_is_added_and_not_taken_away(account: Account) -> None:
    """The plan names the subnets that come; a VPC, too, stays as it is."""
    two = ("zones: 3", "zones: 2")
    account.deploy(*two)
    assert "PrivateSubnetC" in account.plan().changes["created"]
    account.deploy()
    with pytest.raises(NetworkChangeRefusal, match="cannot leave an availability zone"):
        account.plan(*two)
    with pytest.raises(NetworkChangeRefusal, match="cannot move into another VPC"):
        account.plan("zones: 3", "zones: 3, cidr: 10.9.0.0/16")


def test_a_new_account_gets_the_role_of_the_load_balancer_first(account: Account) -> None:
    """CloudFormation makes none, and without one the first load balancer of an account may fail."""
    account.session.iam.roles.clear()
    account.deploy()
    assert account.session.iam.created == []
    network = shared_network(account.folder, more=BALANCER)
    planned = plan_network(network, compile_network(network), account.session.as_session, Recorder())
    assert planned.execute(Recorder()).changed
    assert account.session.iam.created == ["elasticloadbalancing.amazonaws.com"]


def test_subnets_with_environments_in_them_stay(account: Account) -> None:
    """Without private subnets the network goes on only where nobody stands in them."""
    account.deploy()
    public = ("mode: private", "mode: public")
    account.cloudformation.imported["team-PrivateSubnetA"] = USERS
    with pytest.raises(NetworkInUse, match="PrivateSubnetA of team cannot be deleted: demo and demo-branch"):
        account.plan(*public)
    account.cloudformation.imported.clear()
    assert "PrivateSubnetA" in account.plan(*public).changes["deleted"]


def test_nothing_is_made_anew_under_environments(account: Account) -> None:
    """The change set says so, and is deleted."""
    account.deploy()
    change = Change(action="Modify", logical_id="PrivateSubnetA", type="AWS::EC2::Subnet", replacement="True")
    account.cloudformation.changes["team"] = (change,)
    with pytest.raises(NetworkInUse, match="would make PrivateSubnetA of team anew"):
        account.deploy("mode: private", "mode: private, nat: per_zone")
    assert len(account.cloudformation.deleted_change_sets) == 1


def test_another_visitor_takes_the_place_of_one(account: Account) -> None:
    """Rules of security groups are made anew, and nobody stands in one."""
    account.deploy()
    rule = "AWS::EC2::SecurityGroupIngress"
    change = Change(action="Modify", logical_id="VisitorsToLoadBalancer1", type=rule, replacement="True")
    account.cloudformation.changes["team"] = (change,)
    assert account.deploy("mode: private", "mode: private, nat: per_zone")


@pytest.mark.parametrize("kind", ["account", "stack", "block", "quota"])
def test_what_cannot_go_well_is_refused_first(account: Account, kind: str) -> None:
    """Before there is a change set."""
    refusals = {
        "account": (PreflightRefusal, "belong to account 1"),
        "stack": (PreflightRefusal, "There is a stack team, but it is no network"),
        "block": (NetworkRefusal, "overlaps with 10.8.0.0/16 of vpc-2"),
        "quota": (QuotaRefusal, "VPCs per Region: the quota is 5, 5 in use"),
    }
    if kind == "account":
        account.session.account = "1"
    elif kind == "stack":
        account.cloudformation.put("team", "CREATE_COMPLETE", tags={"windsock:environment": "team"})
    elif kind == "block":
        account.session.ec2 = FakeEc2(blocks={"vpc-2": ("10.8.0.0/16",)})
    else:
        account.session.quotas = FakeQuotas({"L-F678F1CE": 5}, {"VPC": 5})
    refusal, words = refusals[kind]
    with pytest.raises(refusal) as caught:
        account.plan("zones: 3", "zones: 3, cidr: 10.8.0.0/16")
    assert words in str(caught.value)
    assert not account.cloudformation.orders


def test_the_status_names_who_stands_in_it(account: Account) -> None:
    """And whether the network is what its YAML says."""
    network = account.network()
    absent = network_status(network, compile_network(network), account.session.as_session)
    assert (absent.stack, absent.vpc, absent.current) == ("", "", False)
    account.deploy()
    account.cloudformation.imported["team-Vpc"] = USERS
    seen = network_status(network, compile_network(network), account.session.as_session)
    assert (seen.stack, seen.vpc, seen.environments, seen.current) == ("CREATE_COMPLETE", "vpc-1", USERS, True)
    assert seen.access_logs == "team-accesslogbucket-1"
    other = account.network("zones: 3", "zones: 2")
    assert not network_status(other, compile_network(other), account.session.as_session).current


def test_a_network_in_use_is_not_deleted(account: Account) -> None:
    """Its environments are named; when they are gone it goes, and a second time there is nothing."""
    account.deploy()
    account.cloudformation.imported["team-Vpc"] = ("demo",)
    with pytest.raises(NetworkInUse, match="team cannot be deleted: demo stands in it"):
        account.tear_down()
    account.cloudformation.imported.clear()
    assert account.tear_down()
    assert not account.tear_down()
    assert account.cloudformation.deleted == ["team"]


def test_who_came_meanwhile_keeps_the_network(account: Account) -> None:
    """CloudFormation leaves a stack in use as it is; any other end is a failure."""
    account.deploy()
    account.cloudformation.endings["team"] = ["CREATE_COMPLETE"]
    with pytest.raises(RolloutFailure, match="CloudFormation ended with CREATE_COMPLETE"):
        account.tear_down()
