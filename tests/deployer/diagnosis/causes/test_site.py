"""Before the web server: certificate, name and targets."""

import pytest

from deployer.aws.acm import Certificate
from deployer.aws.load_balancer import Target
from deployer.diagnosis.causes.site import certificate, name_of_site, targets
from deployer.diagnosis.evidence import Evidence
from deployer.health.airflow_health import WebHealth
from deployer.health.verify import Health
from tests.spec.minimal import SITE, minimal

ENV = minimal(more=SITE)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("PENDING_VALIDATION", "is not issued yet"),
        ("EXPIRED", "has expired"),
        ("FAILED", "is failed"),
        ("absent", "is absent"),
    ],
)
def test_a_certificate_that_is_not_issued_is_a_cause(state: str, words: str) -> None:
    """One that Windsock has issued is about the domain; the YAML does not name it."""
    (cause,) = certificate(Evidence(env=ENV, certificate=Certificate(arn="arn", state=state)))
    assert words in cause.what
    assert cause.key == ("web", "domain")


def test_a_certificate_that_is_issued_is_none() -> None:
    """And neither is the lack of one where the site has none."""
    assert list(certificate(Evidence(env=ENV, certificate=Certificate(arn="arn", state="ISSUED")))) == []
    assert list(certificate(Evidence(env=minimal()))) == []


def test_a_name_without_an_address_is_about_the_hosted_zone() -> None:
    """Or about the domain, where somebody else makes the record."""
    (cause,) = name_of_site(Evidence(env=ENV, resolves=False))
    assert cause.key == ("web", "hosted_zone")
    assert list(name_of_site(Evidence(env=ENV))) == []


def test_a_site_that_does_not_answer_is_one_before_the_load_balancer_notices() -> None:
    """A site that only this machine may not reach has no complaint."""
    web = WebHealth(reached=False, trouble="timed out")
    for complaints, shown in ((("The web server does not answer.",), ["site: timed out"]), ((), [])):
        health = Health(services=(), targets=(Target("10.0.0.4:8080", "healthy", ""),), web=web, complaints=complaints)
        seen = [sentence for cause in targets(Evidence(env=ENV, health=health)) for sentence in cause.shown_by]
        assert seen == shown


def test_a_target_that_begins_or_ends_is_no_fault() -> None:
    """Only one that fails its health check is."""
    states = ("healthy", "initial", "draining", "unhealthy")
    found = tuple(Target(f"10.0.0.{number}:8080", state, "why") for number, state in enumerate(states))
    health = Health(services=(), targets=found, web=WebHealth(reached=False), complaints=("x",))
    (cause,) = targets(Evidence(env=ENV, health=health))
    assert cause.shown_by == ("load balancer: 10.0.0.3:8080 is unhealthy. why",)
