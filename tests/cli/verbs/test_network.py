"""`windsock network`: what was reviewed is what is deployed, and nothing is deleted without its name."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from cli.verbs.network import left_behind, plan_text
from deployer.shared_network import PlannedNetwork
from deployer.stacks.change_sets import Target
from tests.cli.shell import Windsock
from tests.deployer.fakes.session import FakeSession
from tests.spec.networks import shared_network


@pytest.fixture
def network(checkout: Path) -> Path:
    """Return the YAML of a network."""
    shared_network(checkout)
    return checkout / "network.yaml"


@pytest.mark.usefixtures("network")
def test_the_template_is_written_once_and_compared(windsock: Windsock, checkout: Path) -> None:
    """As `compile` does for an environment; --check writes nothing."""
    ran = windsock("network", "compile", "network.yaml", "--check")
    assert (ran.code, ran.out.strip()) == (1, "templates_out/team/root.yaml")
    assert not (checkout / "templates_out/team").exists()
    ran = windsock("network", "compile", "network.yaml", "--json")
    assert json.loads(ran.out)["changed"] == ["root.yaml"]
    assert "lint found nothing" in ran.err
    assert windsock("network", "compile", "network.yaml", "--check").code == 0


def test_a_stale_template_is_refused_before_any_call(windsock: Windsock, aws: list[str], network: Path) -> None:
    """With the command that brings it up to date; without a yes nothing is asked either."""
    windsock("network", "compile", "network.yaml")
    assert windsock("network", "deploy", "network.yaml").code == 2
    network.write_text(network.read_text(encoding="utf-8").replace("zones: 3", "zones: 2"), encoding="utf-8")
    ran = windsock("network", "deploy", "network.yaml", "--yes")
    assert ran.code == 1
    assert "Run `windsock network compile network.yaml` and have the change reviewed." in ran.err
    assert aws == []


@pytest.mark.usefixtures("network")
def test_a_mistake_has_its_line(windsock: Windsock, checkout: Path) -> None:
    """Also where an environment names a network that is none."""
    ran = windsock("network", "compile", "env.yaml")
    assert ran.code == 2
    assert "airflow is not a key of a network" in ran.err
    path = checkout / "env.yaml"
    path.write_text(path.read_text().replace("mode: public", "mode: shared\n  file: other-one.yaml"))
    ran = windsock("compile", "env.yaml")
    assert ran.code == 2
    assert "network.file: there is no other-one.yaml beside this file" in ran.err


@pytest.mark.usefixtures("network")
def test_a_changed_network_is_a_changed_environment(windsock: Windsock, checkout: Path) -> None:
    """The cache knows the file on which both depend."""
    path = checkout / "env.yaml"
    path.write_text(path.read_text().replace("mode: public", "mode: shared\n  file: network.yaml"))
    assert windsock("compile", "env.yaml", "--no-lint").code == 0
    assert windsock("compile", "env.yaml", "--no-lint", "--check").code == 0
    shared_network(checkout, "zones: 3", "zones: 2")
    ran = windsock("compile", "env.yaml", "--no-lint", "--check")
    assert ran.code == 1
    assert "templates_out/demo/root.yaml" in ran.out


@pytest.mark.usefixtures("network")
def test_the_gateway_is_in_the_bill_of_the_network_alone(windsock: Windsock, checkout: Path) -> None:
    """The bill of an environment says who pays for it."""
    own = windsock("network", "cost", "network.yaml").out
    assert "NatGateway" in own
    assert "Prices of us-east-1 as of " in own
    path = checkout / "env.yaml"
    path.write_text(path.read_text().replace("mode: public", "mode: shared\n  file: network.yaml"))
    bill = windsock("cost", "env.yaml").out
    assert "NatGateway" not in bill
    assert "the network team, which `windsock network cost network.yaml` prices" in bill


@pytest.mark.usefixtures("network")
def test_a_teardown_wants_the_very_name(windsock: Windsock, aws: list[str]) -> None:
    """Before AWS is asked anything."""
    assert "Add --confirm team" in windsock("network", "teardown", "network.yaml").err
    assert windsock("network", "teardown", "network.yaml", "--confirm", "demo").code == 1
    assert aws == []
    windsock("network", "teardown", "network.yaml", "--confirm", "team")
    assert aws


def test_a_teardown_names_the_bucket_that_stays() -> None:
    """What a network without access logs leaves behind is nothing, and nothing is said of it."""
    assert "The bucket team-accesslogbucket-1 stays" in left_behind("team-accesslogbucket-1")
    assert left_behind("") == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "team is as its YAML says; nothing is to be done."),
        ({"created": ("Vpc", "PublicSubnetA"), "deleted": ()}, "created  2      Vpc, PublicSubnetA"),
    ],
)
def test_the_plan_has_a_line_for_each_kind_of_change(
    tmp_path: Path, changes: Mapping[str, tuple[str, ...]], said: str
) -> None:
    """With the names of its parts."""
    target, session = Target(name="team", body=""), FakeSession().as_session
    planned = PlannedNetwork(network=shared_network(tmp_path), session=session, target=target, changes=changes)
    assert plan_text(planned).splitlines()[-1] == said
