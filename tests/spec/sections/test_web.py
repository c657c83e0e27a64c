"""A site needs a name before TLS, and TLS before single sign-on."""

import pytest

from tests.spec.minimal import SITE, minimal, refused

CERTIFICATE = "arn:aws:acm:us-west-2:123456789012:certificate/12345678-1234-1234-1234-123456789012"


def test_a_site_with_a_zone_issues_a_certificate() -> None:
    """With a hosted zone Windsock has the certificate issued."""
    web = minimal(more=SITE).web
    assert (web.domain, web.certificate_arn) == ("airflow.example.com", None)


def test_a_site_with_a_certificate_issues_none() -> None:
    """A site with its own certificate needs no zone, and Windsock issues none."""
    web = minimal(more=f"web: {{domain: airflow.example.com, certificate_arn: {CERTIFICATE}}}\n").web
    assert web.certificate_arn == CERTIFICATE


@pytest.mark.parametrize(
    "domain", ["airflow", "https://airflow.example.com", "Airflow.example.com", "a..b", "-a.b.org"]
)
def test_other_domains_are_refused(domain: str) -> None:
    """URLs, single words and names that DNS does not allow are refused."""
    assert refused(more=f"web: {{domain: '{domain}', hosted_zone: Z0123456789ABC}}\n").path == "web.domain"


@pytest.mark.parametrize("zone", ["z0123456789abc", "/hostedzone/Z0123456789ABC", "example.com"])
def test_other_zones_are_refused(zone: str) -> None:
    """The id of a hosted zone has no prefix."""
    assert refused(more=f"web: {{domain: airflow.example.com, hosted_zone: {zone}}}\n").path == "web.hosted_zone"


@pytest.mark.parametrize("rest", ["hosted_zone: Z0123456789ABC", f"certificate_arn: {CERTIFICATE}"])
def test_tls_without_a_domain_is_refused(rest: str) -> None:
    """A zone or a certificate alone makes no site."""
    fault = refused(more=f"web: {{{rest}}}\n")
    assert "add web.domain" in fault.hint


def test_an_open_api_needs_load_balancer_auth() -> None:
    """Without `load_balancer_auth` programs reach the REST API anyway."""
    fault = refused(more=SITE.replace("}", ", ungated_api: true}"))
    assert (fault.path, "load_balancer_auth: true" in fault.hint) == ("web.ungated_api", True)
    with_login = SITE.replace("}", ", load_balancer_auth: true, ungated_api: true}")
    assert minimal(more=with_login + "auth: {kind: google, allowed_domains: [example.com]}\n").web.ungated_api


def test_a_domain_without_zone_and_certificate_is_refused() -> None:
    """Without zone and certificate nothing proves who owns the domain."""
    assert refused(more="web: {domain: airflow.example.com}\n").path == "web.domain"


def test_a_certificate_of_another_region_is_refused() -> None:
    """A load balancer takes certificates of its own region."""
    there = CERTIFICATE.replace("us-west-2", "eu-west-1")
    fault = refused(more=f"web: {{domain: airflow.example.com, certificate_arn: {there}}}\n")
    assert (fault.path, "us-west-2" in fault.hint) == ("web.certificate_arn", True)


def test_a_certificate_of_another_account_is_refused() -> None:
    """A load balancer takes certificates of its own account."""
    theirs = CERTIFICATE.replace("123456789012:", "210987654321:", 1)
    fault = refused(more=f"web: {{domain: airflow.example.com, certificate_arn: {theirs}}}\n")
    assert (fault.path, "123456789012" in fault.hint) == ("web.certificate_arn", True)


@pytest.mark.parametrize(
    ("web", "path", "hint"),
    [
        ("{waf_logins: 20}", "web.waf_logins", "set web.waf: true"),
        ("{load_balancer: none, waf: true}", "web.waf", "load_balancer: application"),
        ("{waf: true}\nttl: 3d", "web.waf", "remove web.waf, or ttl"),
        ("{waf: true, waf_logins: 9}", "web.waf_logins", ""),
    ],
)
def test_a_web_acl_that_could_not_work_is_refused(web: str, path: str, hint: str) -> None:
    """It stands before a load balancer, for good, with a limit that AWS takes."""
    fault = refused(more=f"web: {web}\n")
    assert fault.path == path
    assert hint in fault.hint


def test_a_web_acl_is_a_choice() -> None:
    """Off by default; on, it lets an address try fifty passwords in five minutes."""
    assert not minimal().web.waf
    assert minimal(more="web: {waf: true}\n").web.waf_logins == 50
