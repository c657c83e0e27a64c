"""Promises of the load balancer: healthy targets only, at the path where this release answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
TARGETS = "AWS::ElasticLoadBalancingV2::TargetGroup"


def _attributes(case: Case) -> dict[str, str]:
    attributes = case.only(BALANCER)["LoadBalancerAttributes"]
    return {attribute["Key"]: attribute["Value"] for attribute in attributes}


def test_health_is_asked_where_the_release_answers(smallest: Case, largest: Case) -> None:
    """The path of the health check is that of the release."""
    assert smallest.only(TARGETS)["HealthCheckPath"] == "/health"
    assert largest.only(TARGETS)["HealthCheckPath"] == "/api/v2/monitor/health"


def test_a_target_is_healthy_soon_and_leaves_soon(case: Case) -> None:
    """Two good answers ten seconds apart make a target healthy; a leaving one is let go within 30 seconds."""
    targets = case.only(TARGETS)
    assert (targets["HealthCheckIntervalSeconds"], targets["HealthyThresholdCount"]) == (10, 2)
    assert targets["Matcher"] == {"HttpCode": "200"}
    (delay,) = targets["TargetGroupAttributes"]
    assert delay["Key"] == "deregistration_delay.timeout_seconds"
    assert int(delay["Value"]) <= 30


def test_odd_requests_are_dropped(case: Case) -> None:
    """Header fields that no browser sends, and requests that two servers would read differently, go no further."""
    attributes = _attributes(case)
    assert attributes["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert attributes["routing.http.desync_mitigation_mode"] == "defensive"


def test_protection_covers_the_load_balancer(smallest: Case, largest: Case) -> None:
    """A protected load balancer, whose address people know, is not deleted by mistake."""
    assert _attributes(largest)["deletion_protection.enabled"] == "true"
    assert _attributes(smallest)["deletion_protection.enabled"] == "false"
