"""Sections that contradict each other are refused at the line that is to change."""

import pytest

from tests.spec.minimal import minimal, refused

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
