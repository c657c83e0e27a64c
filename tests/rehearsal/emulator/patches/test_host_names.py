"""The promises of rehearsal/emulator/patches/host_names.py, in an emulator; test_alb_auth.py has the certificates."""

import pytest

from tests.rehearsal.emulator.patches.test_listener_rules import listener_rule
from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
RESOLVE = (
    "import os, socket; print(len({socket.gethostbyname(n) for n in ('site.example.net', os.environ['BALANCER'])}))"
)


def test_a_record_stands_in_a_zone_that_no_template_made(yard: Yard) -> None:
    """The zone is the user's own; the alias resolves to its load balancer in every task."""
    balancer = yard.client("elbv2").describe_load_balancers()["LoadBalancers"][0]
    alias = {"DNSName": balancer["DNSName"], "HostedZoneId": balancer["CanonicalHostedZoneId"]}
    record = {
        "Type": "AWS::Route53::RecordSet",
        "Properties": {
            "HostedZoneId": "Z0123456789YARD",
            "Name": "site.example.net",
            "Type": "A",
            "AliasTarget": alias,
        },
    }
    stack = yard.create("named", {"Record": record})
    assert yard.status(stack) == "CREATE_COMPLETE"
    hosts = yard.emulator.directory / "etc" / "hosts"
    yard.until(lambda: "site.example.net" in hosts.read_text(encoding="utf-8"))
    assert yard.run("python", "-c", RESOLVE) == ["1"]
    assert yard.delete(stack) == "DELETE_COMPLETE"
    yard.until(lambda: "site.example.net" not in hosts.read_text(encoding="utf-8"))


def test_a_record_for_all_names_below_a_domain_is_for_those_of_rules(yard: Yard) -> None:
    """Nobody else is asked for: each such name resolves to the load balancer, and no other one does."""
    elbv2 = yard.client("elbv2")
    balancer = elbv2.describe_load_balancers()["LoadBalancers"][0]
    alias = {"DNSName": balancer["DNSName"], "HostedZoneId": balancer["CanonicalHostedZoneId"]}
    properties = {"HostedZoneId": "Z0123456789MANY", "Name": "*.example.net", "Type": "A", "AliasTarget": alias}
    record = {"Type": "AWS::Route53::RecordSet", "Properties": properties}
    rules = {f"Rule{number}": listener_rule(yard, number, f"{number}.example.net") for number in (81, 82)}
    stack = yard.create("many-names", {"Record": record, **rules})
    assert yard.status(stack) == "CREATE_COMPLETE"
    hosts = yard.emulator.directory / "etc" / "hosts"
    yard.until(lambda: {"81.example.net", "82.example.net"} <= set(hosts.read_text(encoding="utf-8").split()))
    assert "*" not in hosts.read_text(encoding="utf-8")
    assert yard.delete(stack) == "DELETE_COMPLETE"
    yard.until(lambda: "81.example.net" not in hosts.read_text(encoding="utf-8"))
