"""Environments behind the load balancer of their network have host names below its domain, and nothing of its own."""

from pathlib import Path

import pytest

from spec.errors import SpecRefusal
from spec.reading.branches import for_branch
from tests.spec.networks import BALANCER, SITE, behind_shared, in_network, shared_network

ZONE = ", hosted_zone: Z0123456789ABC"
ELSEWHERE = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234"


def test_a_site_is_one_label_below_the_domain(tmp_path: Path) -> None:
    """The certificate is for that one label, so that of a branch lies beside it."""
    env = behind_shared(tmp_path)
    assert env.web.domain == "demo.example.com"
    assert for_branch(env, "feature").web.domain == "demo-feature.example.com"
    assert env.network.visitors(env.web) == ("203.0.113.0/24",)
    assert (env.web.has_load_balancer, env.web.has_own_load_balancer, env.web.internet_facing) == (True, False, False)


@pytest.mark.parametrize(
    ("old", "new", "path", "said"),
    [
        (ZONE, "", "load_balancer.domain", "nothing could prove to ACM that the domain is yours"),
        (
            ZONE,
            f", certificate_arn: '{ELSEWHERE}'",
            "load_balancer.certificate_arn",
            "certificate is in another region",
        ),
        ("domain: example.com, ", "", "load_balancer.domain", "domain is missing"),
        (", allowed_cidrs: [203.0.113.0/24]", "", "load_balancer.allowed_cidrs", "allowed_cidrs is missing"),
        (ZONE, f"{ZONE}, waf_logins: 20", "load_balancer.waf_logins", "waf_logins means nothing without waf"),
        (ZONE, f"{ZONE}, access_log_days: 0", "load_balancer.access_log_days", "0"),
    ],
)
def test_a_load_balancer_without_a_certificate_is_refused(
    tmp_path: Path, old: str, new: str, path: str, said: str
) -> None:
    """In the YAML of the network."""
    with pytest.raises(SpecRefusal) as caught:
        shared_network(tmp_path, old, new, more=BALANCER)
    (fault,) = caught.value.faults
    assert (fault.path, fault.line) == (path, 4)
    assert said in fault.message


@pytest.mark.parametrize(
    ("keys", "path", "said"),
    [
        ("", "web", "finds a site by its host name"),
        (", domain: demo.example.org", "web.domain", "has no certificate for demo.example.org"),
        (", domain: a.demo.example.com", "web.domain", "has no certificate for a.demo.example.com"),
        (", domain: demo.example.com, waf: true", "web.waf", "waf means nothing for a shared load balancer"),
        (", domain: demo.example.com, scheme: internal", "web.scheme", "scheme means nothing for a shared"),
        (f", domain: demo.example.com{ZONE}", "web.hosted_zone", "hosted_zone means nothing for a shared"),
        (
            ", domain: demo.example.com, load_balancer_auth: true",
            "web.load_balancer_auth",
            "means nothing for a shared",
        ),
    ],
)
def test_what_does_not_fit_a_shared_load_balancer_is_refused(tmp_path: Path, keys: str, path: str, said: str) -> None:
    """Each mistake at its key, with what would be right."""
    with pytest.raises(SpecRefusal) as caught:
        behind_shared(tmp_path, f"web: {{load_balancer: shared{keys}}}\n")
    (fault,) = caught.value.faults
    assert fault.path == path
    assert said in fault.message
    assert fault.hint


def test_visitors_are_named_once(tmp_path: Path) -> None:
    """Who reaches the load balancer is in the YAML of the network."""
    shared_network(tmp_path, more=BALANCER)
    with pytest.raises(SpecRefusal, match="who reaches a shared load balancer is in the YAML of the network"):
        in_network(tmp_path, more=SITE)


def test_passwords_are_not_for_the_whole_internet(tmp_path: Path) -> None:
    """Whichever YAML opens the load balancer."""
    with pytest.raises(SpecRefusal, match="opens a login with passwords to the whole internet"):
        behind_shared(tmp_path, balancer=BALANCER.replace("203.0.113.0/24", "0.0.0.0/0"))


def test_only_a_network_with_one_has_a_load_balancer_for_all(tmp_path: Path) -> None:
    """The others are named."""
    with pytest.raises(SpecRefusal, match="the network team has no load balancer"):
        behind_shared(tmp_path, balancer="")
    with pytest.raises(SpecRefusal, match="is that of a network for several environments, and this is none"):
        in_network(
            tmp_path, "mode: shared, file: network.yaml, allowed_cidrs: [203.0.113.0/24]", "mode: public", more=SITE
        )
