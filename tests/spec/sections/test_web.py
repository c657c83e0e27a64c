"""A site has a name before it has TLS, and TLS before it has a login elsewhere."""

import pytest

from tests.spec.sound import SITE, bent, refused

CERTIFICATE = "arn:aws:acm:us-west-2:123456789012:certificate/12345678-1234-1234-1234-123456789012"


def test_a_site_with_a_zone() -> None:
    """With a hosted zone Windsock has the certificate issued."""
    web = bent(more=SITE).web
    assert (web.domain, web.issues_certificate) == ("airflow.example.com", True)


def test_a_site_with_a_certificate() -> None:
    """Whoever has a certificate needs no zone, and gets none issued."""
    web = bent(more=f"web: {{domain: airflow.example.com, certificate_arn: {CERTIFICATE}}}\n").web
    assert not web.issues_certificate


@pytest.mark.parametrize(
    "domain", ["airflow", "https://airflow.example.com", "Airflow.example.com", "a..b", "-a.b.org"]
)
def test_no_domains(domain: str) -> None:
    """Addresses, single words and what DNS does not know are refused."""
    assert refused(more=f"web: {{domain: '{domain}', hosted_zone: Z0123456789ABC}}\n").path == "web.domain"


@pytest.mark.parametrize("zone", ["z0123456789abc", "/hostedzone/Z0123456789ABC", "example.com"])
def test_no_zones(zone: str) -> None:
    """A hosted zone is named by its bare id."""
    assert refused(more=f"web: {{domain: airflow.example.com, hosted_zone: {zone}}}\n").path == "web.hosted_zone"


@pytest.mark.parametrize("rest", ["hosted_zone: Z0123456789ABC", f"certificate_arn: {CERTIFICATE}"])
def test_nothing_without_a_domain(rest: str) -> None:
    """A zone or a certificate alone makes no site."""
    fault = refused(more=f"web: {{{rest}}}\n")
    assert "add web.domain" in fault.hint


def test_an_ungated_api_needs_a_gate() -> None:
    """Without a gate at the load balancer programs reach the REST API anyway."""
    fault = refused(more=SITE.replace("}", ", ungated_api: true}"))
    assert (fault.path, "load_balancer_auth: true" in fault.hint) == ("web.ungated_api", True)
    gated = SITE.replace("}", ", load_balancer_auth: true, ungated_api: true}")
    assert bent(more=gated + "auth: {kind: google, allowed_domains: [example.com]}\n").web.ungated_api


def test_a_domain_needs_proof() -> None:
    """Without a zone and without a certificate nothing proves whose the domain is."""
    assert refused(more="web: {domain: airflow.example.com}\n").path == "web.domain"


def test_a_certificate_of_another_region() -> None:
    """A load balancer takes certificates of its own region."""
    there = CERTIFICATE.replace("us-west-2", "eu-west-1")
    fault = refused(more=f"web: {{domain: airflow.example.com, certificate_arn: {there}}}\n")
    assert (fault.path, "us-west-2" in fault.hint) == ("web.certificate_arn", True)


def test_a_certificate_of_another_account() -> None:
    """A load balancer takes certificates of its own account."""
    theirs = CERTIFICATE.replace("123456789012:", "210987654321:", 1)
    fault = refused(more=f"web: {{domain: airflow.example.com, certificate_arn: {theirs}}}\n")
    assert (fault.path, "123456789012" in fault.hint) == ("web.certificate_arn", True)
