"""Sections that contradict each other are refused at the line that is to change."""

import pytest

from tests.spec.minimal import PYTHON, SITE, minimal, refused

NETWORK = "network: {allowed_cidrs: [203.0.113.0/24]}\n"
ALONE = "web: {load_balancer: none}\n"


def test_a_site_without_load_balancer_has_no_networks() -> None:
    """Only a tunnel reaches it, so the YAML may leave the whole section out."""
    assert minimal(NETWORK, ALONE).network.allowed_cidrs == ()
    assert refused(more=ALONE).path == "network.allowed_cidrs"


@pytest.mark.parametrize("network", ["", "network: {}\n"])
def test_a_load_balancer_needs_networks(network: str) -> None:
    """Without networks it would let in nobody, or everybody."""
    fault = refused(NETWORK, network)
    assert (fault.path, fault.message) == ("network.allowed_cidrs", "allowed_cidrs is missing")


def test_a_domain_needs_a_load_balancer() -> None:
    """Nothing else would answer at the domain."""
    assert refused(NETWORK, "web: {load_balancer: none, domain: a.example.com}\n").path == "web.domain"


def test_an_identity_provider_needs_a_load_balancer() -> None:
    """A tunnel has no address to come back to."""
    google = "auth: {kind: google, allowed_domains: [example.com]}\n"
    assert refused(NETWORK, ALONE + google).path == "auth.kind"


def test_the_whole_internet_is_refused_for_passwords() -> None:
    """The fault is at the address, within its list."""
    assert refused("203.0.113.0/24", "0.0.0.0/0").path == "network.allowed_cidrs[0]"


def _networks(count: int) -> str:
    return ", ".join(f"10.{number}.0.0/16" for number in range(count))


@pytest.mark.parametrize(("most", "more"), [(60, ""), (30, SITE)])
def test_more_networks_than_a_security_group_takes_are_refused(most: int, more: str) -> None:
    """AWS takes 60 rules, and a site with TLS needs two for each network; the first that is too many is named."""
    assert len(minimal("203.0.113.0/24", _networks(most), more=more).network.allowed_cidrs) == most
    fault = refused("203.0.113.0/24", _networks(most + 1), more=more)
    assert fault.path.startswith("network.allowed_cidrs")


@pytest.mark.parametrize(
    ("url", "words"),
    [("airflow.example.com", "not the address of a site"), ("https://other.example.com/airflow", "another site")],
)
def test_the_address_of_the_site_is_that_of_its_domain(url: str, words: str) -> None:
    """At the line of `base_url`; a path may follow."""
    config = f"{PYTHON}, config: {{{{webserver: {{{{base_url: '{{}}'}}}}}}}}"
    fault = refused(PYTHON, config.format(url), more=SITE)
    assert fault.path == "airflow.config.webserver.base_url"
    assert words in fault.message
    airflow = minimal(PYTHON, config.format("https://airflow.example.com/data/airflow/"), more=SITE).airflow
    assert airflow.base_path == "/data/airflow"


def test_a_site_without_a_domain_has_any_address() -> None:
    """A proxy of the user's stands before the load balancer."""
    config = f"{PYTHON}, config: {{webserver: {{base_url: 'http://tools.example.com/airflow'}}}}"
    assert minimal(PYTHON, config).airflow.base_path == "/airflow"
    assert minimal().airflow.base_path == ""


def test_a_new_release_knows_the_address_by_its_old_name() -> None:
    """Airflow 3 still reads it there."""
    config = "config: {webserver: {base_url: 'http://tools.example.com/airflow'}}"
    newest = f'version: 3.3.2, python: "3.12", {config}'
    assert minimal(f"version: 2.5.3, {PYTHON}", newest).airflow.base_path == "/airflow"
