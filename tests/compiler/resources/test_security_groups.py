"""Promises of the security groups: nothing open to the world, every rule in a pair, and each with its reason."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from spec.aws_facts.security_groups import RULES_PER_GROUP

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

INGRESS = "AWS::EC2::SecurityGroupIngress"
EGRESS = "AWS::EC2::SecurityGroupEgress"

EC2_TEXT = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}")
"""What EC2 takes as the description of a group or a rule; it refuses anything else, such as an apostrophe."""


def _edges(case: Case, kind: str, other: str) -> set[tuple[str, str, int]]:
    """Return the rules between groups as (source, target, port), seen from the side of `kind`."""
    rules = [rule["Properties"] for rule in case.resources(kind).values() if other in rule["Properties"]]
    return {(_name(rule["GroupId"]), _name(rule[other]), rule["FromPort"]) for rule in rules}


def _name(reference: dict[str, str]) -> str:
    return reference["Ref"].removesuffix("SecurityGroup")


def _ingress(case: Case) -> set[tuple[str, str, int]]:
    return {(source, target, port) for target, source, port in _edges(case, INGRESS, "SourceSecurityGroupId")}


def test_nothing_is_open_to_the_world(case: Case) -> None:
    """Clients come from the allow-list, to the load balancer: port 80, with TLS also 443."""
    rules = [rule["Properties"] for rule in case.resources(INGRESS).values()]
    outside = [rule for rule in rules if "CidrIp" in rule]
    open_ports = {80, 443} if case.env.web.domain else {80}
    if case.env.web.load_balancer == "none":
        open_ports = set()
    assert [rule["CidrIp"] for rule in outside] == [*case.env.network.allowed_cidrs] * len(open_ports)
    rules_from_outside = {(_name(rule["GroupId"]), rule["FromPort"], rule["ToPort"]) for rule in outside}
    assert rules_from_outside == {("LoadBalancer", port, port) for port in open_ports}
    assert not any("CidrIpv6" in rule for rule in rules)


def test_every_ingress_rule_has_its_egress_rule(case: Case) -> None:
    """Between groups, what one side may send, the other may receive; who may send anything needs no more rules."""
    everywhere = {_name(one["Properties"]["GroupId"]) for one in case.resources(EGRESS).values() if _is_open(one)}
    bound = {edge for edge in _ingress(case) if edge[0] not in everywhere}
    assert bound == _edges(case, EGRESS, "DestinationSecurityGroupId")


def _is_open(rule: dict[str, Any]) -> bool:
    return bool(rule["Properties"]["IpProtocol"] == "-1" and rule["Properties"].get("CidrIp") == "0.0.0.0/0")


def test_only_airflow_reaches_the_database(largest: Case) -> None:
    """Airflow's processes and commands reach its port; nothing else does."""
    reach = {(source, port) for source, target, port in _ingress(largest) if target == "Database"}
    assert reach == {(name, 5432) for name in ("Webserver", "Scheduler", "DagProcessor", "Triggerer", "Command")}


def test_the_webserver_of_airflow_2_reaches_the_scheduler_alone(smallest: Case) -> None:
    """Only the load balancer calls it; it reads logs where tasks run."""
    web = {edge for edge in _ingress(smallest) if "Webserver" in edge and edge[1] not in {"Database", "FileSystem"}}
    assert web == {("LoadBalancer", "Webserver", 8080), ("Webserver", "Scheduler", 8793)}


def test_tasks_reach_the_execution_api(largest: Case) -> None:
    """With the execution API whoever runs tasks may call the webserver, and it may read the logs of both runners."""
    callers = {source for source, target, port in _ingress(largest) if (target, port) == ("Webserver", 8080)}
    assert callers == {"LoadBalancer", "Scheduler"}
    assert {("Webserver", "Scheduler", 8793), ("Webserver", "Triggerer", 8794)} <= _ingress(largest)


def test_no_group_keeps_the_rule_that_allows_all(case: Case) -> None:
    """EC2 adds a rule to groups without one; each group has a rule of its own that matches nothing."""
    for group in case.resources("AWS::EC2::SecurityGroup").values():
        (rule,) = group["Properties"]["SecurityGroupEgress"]
        assert (rule["CidrIp"], rule["IpProtocol"]) == ("255.255.255.255/32", "icmp")


def test_only_runners_of_user_code_reach_the_internet(largest: Case) -> None:
    """Scheduler and triggerer reach any system; other processes reach AWS over HTTPS, databases and files nothing."""
    ways: dict[str, Any] = {
        _name(rule["Properties"]["GroupId"]): rule["Properties"].get("FromPort", "any")
        for rule in largest.resources(EGRESS).values()
        if rule["Properties"].get("CidrIp") == "0.0.0.0/0"
    }
    assert ways == {
        "Webserver": 443,
        "Scheduler": "any",
        "DagProcessor": 443,
        "Triggerer": "any",
        "Command": 443,
        "Sync": 443,
    }


def test_every_rule_has_a_description_that_ec2_accepts(case: Case) -> None:
    """In characters that EC2 allows."""
    for kind in ("AWS::EC2::SecurityGroup", INGRESS, EGRESS):
        for title, resource in case.resources(kind).items():
            properties = resource["Properties"]
            words = properties.get("GroupDescription") or properties["Description"]
            assert EC2_TEXT.fullmatch(words), title


def test_workers_reach_what_tasks_need(workers: Case) -> None:
    """Workers of 3.x reach the execution API and no database; those of 2.x the database; nobody reaches a worker."""
    edges = {edge for edge in _ingress(workers) if "Worker" in edge}
    api = workers.env.airflow.release.execution_api
    metadata = ("Worker", "Webserver", 8080) if api else ("Worker", "Database", 5432)
    assert edges == {metadata, ("Worker", "FileSystem", 2049)}


def test_with_workers_the_scheduler_reaches_aws_alone(workers: Case) -> None:
    """Workers reach the systems of DAGs instead."""
    ports = {
        _name(rule["Properties"]["GroupId"]): rule["Properties"].get("FromPort")
        for rule in workers.resources(EGRESS).values()
        if "CidrIp" in rule["Properties"]
    }
    assert (ports["Worker"], ports["Scheduler"]) == (None, 443)


def test_no_group_has_more_rules_than_ec2_takes(case: Case) -> None:
    """In each direction; with as many networks as the YAML may name, the load balancer too."""
    web = case.env.web
    networks = len(case.env.network.allowed_cidrs)
    for kind, own in ((INGRESS, 0), (EGRESS, 1)):
        rules = Counter(_name(rule["Properties"]["GroupId"]) for rule in case.resources(kind).values())
        if kind == INGRESS and web.has_load_balancer:
            rules["LoadBalancer"] += (RULES_PER_GROUP // web.listeners - networks) * web.listeners
        assert max(rules.values()) + own <= RULES_PER_GROUP
