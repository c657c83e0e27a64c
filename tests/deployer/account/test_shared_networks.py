"""The listener of a shared load balancer is looked at before an environment adds rules to it, on the AWS in memory."""

from pathlib import Path

import pytest

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from deployer.account.networks import network_faults
from deployer.aws.load_balancer import Rule
from spec.environment import Environment
from tests.deployer.fakes.cloudformation import FakeCloudFormation
from tests.deployer.fakes.session import FakeLoadBalancer, FakeSession
from tests.spec.networks import SITE, behind_shared

PARTS = ("Vpc", "Listener", "LoadBalancerSecurityGroup")
SUBNETS = tuple(f"{kind}Subnet{zone}" for kind in ("Public", "Private", "Database") for zone in "ABC")
HOST = "demo.example.com"


def _priority(env: Environment) -> str:
    edge = read_template(compile_environment(env).files["edge.yaml"])["Resources"]
    return str(edge["SiteRule"]["Properties"]["Priority"])


def _faults(env: Environment, *rules: Rule, first: bool = True, url: str = "") -> str:
    cloudformation = FakeCloudFormation()
    if not first:
        cloudformation.put(env.name, "CREATE_COMPLETE", outputs={"Url": url} if url else {})
    cloudformation.exported = {f"team-{part}": part for part in (*PARTS, *SUBNETS)}
    session = FakeSession(
        cloudformation=cloudformation, load_balancer=FakeLoadBalancer(at_listener={"Listener": rules})
    )
    return "".join(network_faults(env, compile_environment(env), session.as_session, first=first))


def test_rules_of_other_sites_are_no_hindrance(tmp_path: Path) -> None:
    """Nor is the default rule."""
    env = behind_shared(tmp_path)
    others = Rule("1", ("other.example.com",)), Rule("default", ())
    assert _faults(env, *others) == ""


@pytest.mark.parametrize("first", [True, False])
def test_priorities_of_another_site_are_refused_with_the_way_out(tmp_path: Path, *, first: bool) -> None:
    """At every deploy, since a host name may change."""
    env = behind_shared(tmp_path)
    said = _faults(env, Rule(_priority(env), ("other.example.com",)), first=first)
    assert f"web.domain: {HOST} needs rules" in said
    assert "those for other.example.com have; choose another host name" in said


def test_a_host_of_another_environment_is_refused(tmp_path: Path) -> None:
    """Until the environment is at its host, no rule for that is its own."""
    env = behind_shared(tmp_path, f"{SITE}schedule: {{on: '08:00-18:00 Mon-Fri', timezone: UTC}}\n")
    rules = Rule(str(int(_priority(env)) - 2), ("asleep.invalid",)), Rule(_priority(env), (HOST,))
    assert _faults(env, *rules) == f"web.domain: another environment is at {HOST}; choose another host name."
    assert _faults(env, *rules, first=False) == ""
    assert _faults(env, *rules, first=False, url=f"https://{HOST}") == ""
    assert "another environment is at" in _faults(env, *rules, first=False, url="https://former.example.com")


def test_the_load_balancer_of_the_yaml_has_to_be_there(tmp_path: Path) -> None:
    """The network is deployed first, with it."""
    env = behind_shared(tmp_path)
    cloudformation = FakeCloudFormation()
    cloudformation.exported = {f"team-{part}": part for part in ("Vpc", *SUBNETS)}
    session = FakeSession(cloudformation=cloudformation).as_session
    (said,) = network_faults(env, compile_environment(env), session, first=True)
    assert "does not export team-Listener, team-LoadBalancerSecurityGroup; run `windsock network deploy" in said
