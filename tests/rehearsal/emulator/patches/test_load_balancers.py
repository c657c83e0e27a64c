"""The promises of rehearsal/emulator/patches/load_balancers.py, in an emulator."""

import time
import urllib.request
from typing import Any

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
SITES = ("one.sites.example.net", "two.sites.example.net")
NEIGHBOURS = """
import os, urllib.request
for url in ("http://web.yard.local:8080/", "http://" + os.environ["BALANCER"] + "/"):
    print(urllib.request.urlopen(url).status)
"""


def test_a_service_is_reached_by_web_port_load_balancer_and_cloud_map(serving: Yard) -> None:
    """An update waits for healthy tasks and targets; web port, load balancer and Cloud Map lead to them."""
    health = serving.client("elbv2").describe_target_health(TargetGroupArn=serving.outputs["TargetGroup"])
    assert [one["TargetHealth"]["State"] for one in health["TargetHealthDescriptions"]] == ["healthy"]
    with urllib.request.urlopen(serving.emulator.web_url) as answer:
        headers = answer.read().decode()
    assert f"'Host': '127.0.0.1:{serving.emulator.web_port}'" in headers
    assert "'X-Forwarded-Proto': 'http'" in headers
    assert serving.run("python", "-c", NEIGHBOURS) == ["200", "200"]


NAMED = """
import os, urllib.error, urllib.request
for host in (os.environ["BALANCER"], "elsewhere.example.com"):
    request = urllib.request.Request("http://" + os.environ["BALANCER"] + "/", headers={"Host": host})
    try:
        print(urllib.request.urlopen(request).status)
    except urllib.error.HTTPError as error:
        print(error.status)
"""


def test_a_request_to_the_web_port_has_the_name_of_the_load_balancer(serving: Yard) -> None:
    """Rules that want that name let it through, and those who come by another name are refused."""
    elbv2 = serving.client("elbv2")
    (group,) = elbv2.describe_target_groups(TargetGroupArns=[serving.outputs["TargetGroup"]])["TargetGroups"]
    (balancer,) = elbv2.describe_load_balancers(LoadBalancerArns=group["LoadBalancerArns"])["LoadBalancers"]
    (listener,) = elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    arn, forward = listener["ListenerArn"], listener["DefaultActions"]
    named = {"Field": "host-header", "HostHeaderConfig": {"Values": [balancer["DNSName"]]}}
    (rule,) = elbv2.create_rule(ListenerArn=arn, Priority=40, Conditions=[named], Actions=forward)["Rules"]
    refuse = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "410"}}
    elbv2.modify_listener(ListenerArn=arn, DefaultActions=[refuse])
    with urllib.request.urlopen(serving.emulator.web_url) as answer:
        assert f"'Host': '127.0.0.1:{serving.emulator.web_port}'" in answer.read().decode()
    assert serving.run("python", "-c", NAMED) == ["200", "410"]
    elbv2.modify_listener(ListenerArn=arn, DefaultActions=forward)
    elbv2.delete_rule(RuleArn=rule["RuleArn"])


def test_a_target_that_does_not_answer_is_not_healthy(yard: Yard) -> None:
    """MiniStack calls every registered target healthy."""
    elbv2 = yard.client("elbv2")
    checks = {"HealthCheckIntervalSeconds": 5, "HealthCheckTimeoutSeconds": 2, "UnhealthyThresholdCount": 2}
    group = elbv2.create_target_group(Name="nobody", Protocol="HTTP", Port=9, TargetType="ip", **checks)
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    elbv2.register_targets(TargetGroupArn=arn, Targets=[{"Id": "10.77.0.1", "Port": 9}])
    (found,) = elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    assert found["TargetHealth"]["State"] == "initial"
    elbv2.delete_target_group(TargetGroupArn=arn)


ESCAPED = """
import os, urllib.error, urllib.request
for path in ("/closed/a", "/%63losed/a", "/x/../closed/a", "/open%2Fclosed/a"):
    try:
        answer = urllib.request.urlopen("http://" + os.environ["BALANCER"] + path)
    except urllib.error.HTTPError as error:
        answer = error
    print(answer.status, answer.headers.get("X-Frame-Options"))
"""


def test_rules_see_a_path_without_escapes_and_dots(serving: Yard) -> None:
    """AWS compares a normal path; what a listener adds stands in forwarded and in its own answers."""
    elbv2 = serving.client("elbv2")
    balancer = elbv2.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    (listener,) = elbv2.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
    arn = listener["ListenerArn"]
    framed = {"Key": "routing.http.response.x_frame_options.header_value", "Value": "DENY"}
    elbv2.modify_listener_attributes(ListenerArn=arn, Attributes=[framed])
    closed = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/closed/*"]}}
    refuse = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "410"}}
    (rule,) = elbv2.create_rule(ListenerArn=arn, Priority=7, Conditions=[closed], Actions=[refuse])["Rules"]
    assert serving.run("python", "-c", ESCAPED) == ["410 DENY", "410 DENY", "410 DENY", "200 DENY"]
    elbv2.delete_rule(RuleArn=rule["RuleArn"])


def _shared(yard: Yard) -> dict[str, Any]:
    """Return a load balancer with one certificate for all names below a domain, and a rule for each of two."""
    balancer = {"SecurityGroups": [yard.outputs["Group"]], "Subnets": yard.outputs["Subnets"].split(",")}
    answers = {host: {"StatusCode": "200", "MessageBody": host} for host in SITES}
    rules = {
        f"Rule{number}": (
            "ListenerRule",
            {
                "ListenerArn": {"Ref": "Listener"},
                "Priority": number,
                "Conditions": [{"Field": "host-header", "HostHeaderConfig": {"Values": [host]}}],
                "Actions": [{"Type": "fixed-response", "FixedResponseConfig": answer}],
            },
        )
        for number, (host, answer) in enumerate(answers.items(), start=1)
    }
    listener = {
        "LoadBalancerArn": {"Ref": "Balancer"},
        "Protocol": "HTTPS",
        "Port": 443,
        "Certificates": [{"CertificateArn": {"Ref": "Proof"}}],
        "DefaultActions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
    }
    kinds = {"Balancer": ("LoadBalancer", balancer), "Listener": ("Listener", listener), **rules}
    found = {
        name: {"Type": f"AWS::ElasticLoadBalancingV2::{kind}", "Properties": properties}
        for name, (kind, properties) in kinds.items()
    }
    proof = {"DomainName": "*.sites.example.net", "ValidationMethod": "DNS"}
    zone, name = ({"Fn::GetAtt": ["Balancer", one]} for one in ("CanonicalHostedZoneID", "DNSName"))
    alias = {"HostedZoneId": zone, "DNSName": name}
    record = {"HostedZoneId": "Z0123456789SITE", "Name": "*.sites.example.net", "Type": "A", "AliasTarget": alias}
    return {
        **found,
        "Proof": {"Type": "AWS::CertificateManager::Certificate", "Properties": proof},
        "Record": {"Type": "AWS::Route53::RecordSet", "Properties": record},
    }


def test_a_load_balancer_without_sites_takes_no_request_from_another(serving: Yard) -> None:
    """That of a network has TLS, which is preferred otherwise, and maybe no environment uses it."""
    mine = urllib.request.urlopen(serving.emulator.web_url).read()
    without = {name: one for name, one in _shared(serving).items() if not name.startswith("Rule")}
    stack = serving.create("no-sites", without)
    balancers = serving.client("elbv2").describe_load_balancers()["LoadBalancers"]
    hosts = serving.emulator.directory / "etc" / "hosts"
    serving.until(lambda: all(one["DNSName"] in hosts.read_text(encoding="utf-8") for one in balancers))
    time.sleep(2)  # its listener answers by then: they are looked at several times a second
    assert urllib.request.urlopen(serving.emulator.web_url).read() == mine
    assert serving.delete(stack) == "DELETE_COMPLETE"


def test_a_site_whose_certificate_is_given_has_a_name_that_somebody_can_have(serving: Yard) -> None:
    """Its listener may have a rule for nobody, as that of an environment has which sleeps when nothing is due."""
    resources = _shared(serving)
    rule = resources["Rule1"]["Properties"]
    nobody = [{"Field": "host-header", "HostHeaderConfig": {"Values": ["asleep.invalid"]}}]
    asleep = {**resources["Rule1"], "Properties": {**rule, "Priority": 9, "Conditions": nobody}}
    given = {"CertificateArn": "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"}
    resources["Listener"]["Properties"]["Certificates"] = [given]
    later = {**resources["Rule1"], "DependsOn": "Asleep"}
    kept = {name: resources[name] for name in ("Balancer", "Listener")}
    stack = serving.create("given-certificate", {**kept, "Asleep": asleep, "Rule1": later})
    assert serving.status(stack) == "CREATE_COMPLETE"
    hosts = serving.emulator.directory / "etc" / "hosts"
    serving.until(lambda: SITES[0] in hosts.read_text(encoding="utf-8"))
    assert serving.emulator.internet.browser().get(f"https://{SITES[0]}/", timeout=30).text == SITES[0]
    assert serving.delete(stack) == "DELETE_COMPLETE"


def test_sites_behind_one_certificate_are_told_apart_by_their_hosts(serving: Yard) -> None:
    """By a browser that resolves their names, and on this machine, where a request without a name means the first."""
    stack = serving.create("many-sites", _shared(serving))
    assert serving.status(stack) == "CREATE_COMPLETE"
    hosts = serving.emulator.directory / "etc" / "hosts"
    serving.until(lambda: SITES[-1] in hosts.read_text(encoding="utf-8"))
    browser = serving.emulator.internet.browser()
    assert [browser.get(f"https://{host}/", timeout=30).text for host in SITES] == [*SITES]
    seen = []
    for host in (*SITES, "127.0.0.1"):
        request = urllib.request.Request(serving.emulator.web_url, headers={"Host": host})
        with urllib.request.urlopen(request) as answer:
            seen.append(answer.read().decode())
    assert seen == [*SITES, SITES[0]]
    assert serving.delete(stack) == "DELETE_COMPLETE"
