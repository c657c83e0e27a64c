"""The promises of deployer/account/quotas.py, on the AWS in memory."""

from dataclasses import replace

import pytest

from compiler.compile import compile_environment
from compiler.model.template_set import TemplateSet
from deployer.account.quotas import QUOTAS, shortages
from tests.deployer.account.templates import WEB
from tests.deployer.fakes.environment import template_set
from tests.deployer.fakes.session import FakeQuotas, FakeSession
from tests.spec.minimal import minimal

VPC = "Resources: {Vpc: {Type: AWS::EC2::VPC}}"


def _templates(text: str) -> TemplateSet:
    some = template_set()
    return replace(some, files={**some.files, f"{some.nested[0]}.yaml": text})


def _session(values: dict[str, float], counts: dict[str, int] | None = None) -> FakeSession:
    return FakeSession(quotas=FakeQuotas(values, counts or {}))


def test_a_quota_without_room_is_short() -> None:
    """By its name, with what is in use and needed, and the page of this region where to ask for more."""
    session = _session({"L-F678F1CE": 5}, {"VPC": 5})
    (found,) = shortages(session.as_session, _templates(VPC))
    assert (found.name, found.value, found.used, found.needed) == ("VPCs per Region", 5, 5, 1)
    assert found.link == "https://us-west-2.console.aws.amazon.com/servicequotas/home/services/vpc/quotas/L-F678F1CE"


def test_the_last_one_of_a_quota_is_no_shortage() -> None:
    """Nor is a quota that the account may not ask for, or that the templates do not use."""
    assert shortages(_session({"L-F678F1CE": 5}, {"VPC": 4}).as_session, _templates(VPC)) == ()
    assert shortages(_session({}, {"VPC": 9}).as_session, _templates(VPC)) == ()
    assert shortages(_session({"L-F678F1CE": 5}, {"VPC": 5}).as_session, template_set()) == ()


@pytest.mark.parametrize(("provider", "code"), [("FARGATE", "L-3032A538"), ("FARGATE_SPOT", "L-36FBB829")])
def test_services_need_processors(provider: str, code: str) -> None:
    """On demand and on Spot count apart, each at the peak of a deploy."""
    templates = _templates(WEB.replace("PROVIDER", provider).replace("MAXIMUM", "200"))
    (found,) = shortages(_session({"L-3032A538": 2, "L-36FBB829": 2}).as_session, templates)
    assert (found.needed, code in found.link) == (8, True)


def test_what_the_compiler_makes_is_counted() -> None:
    """An environment has a VPC, an internet gateway, a load balancer, a database, a file system and processors."""
    nothing = {quota.code: 0.0 for quota in QUOTAS} | {"L-3032A538": 0.0}
    found = {one.name for one in shortages(_session(nothing).as_session, compile_environment(minimal()))}
    assert found == {quota.name for quota in QUOTAS if "Elastic" not in quota.name} | {
        "Fargate On-Demand vCPU resource count"
    }
