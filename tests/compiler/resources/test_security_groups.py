"""Promises of the firewall: nothing open to the world, every rule in a pair, and each with its reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

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
    """Who comes in from outside comes from the allow-list, to the load balancer: port 80, with TLS also 443."""
    rules = [rule["Properties"] for rule in case.resources(INGRESS).values()]
    outside = [rule for rule in rules if "CidrIp" in rule]
    doors_open = {80, 443} if case.env.web.domain else {80}
    if case.env.web.load_balancer == "none":
        doors_open = set()
    assert [rule["CidrIp"] for rule in outside] == [*case.env.network.allowed_cidrs] * len(doors_open)
    doors = {(_name(rule["GroupId"]), rule["FromPort"], rule["ToPort"]) for rule in outside}
    assert doors == {("LoadBalancer", port, port) for port in doors_open}
    assert not any("CidrIpv6" in rule for rule in rules)


def test_every_way_in_has_a_way_out(case: Case) -> None:
    """Rules between groups come in pairs: what one side may send, the other may receive, and nothing else."""
    assert _ingress(case) == _edges(case, EGRESS, "DestinationSecurityGroupId")


def test_only_airflow_reaches_the_database(largest: Case) -> None:
    """The database is open to Airflow's processes and commands on its port, and to nobody else."""
    reach = {(source, port) for source, target, port in _ingress(largest) if target == "Database"}
    assert reach == {(name, 5432) for name in ("Webserver", "Scheduler", "DagProcessor", "Triggerer", "Command")}


def test_webserver_of_two_talks_to_scheduler_alone(smallest: Case) -> None:
    """Before the execution API nothing but the load balancer calls the webserver; it reads logs where tasks run."""
    web = {edge for edge in _ingress(smallest) if "Webserver" in edge and edge[1] not in {"Database", "FileSystem"}}
    assert web == {("LoadBalancer", "Webserver", 8080), ("Webserver", "Scheduler", 8793)}


def test_tasks_reach_the_execution_api(largest: Case) -> None:
    """With the execution API every other process may call the webserver, and it may read the logs of both runners."""
    callers = {source for source, target, port in _ingress(largest) if (target, port) == ("Webserver", 8080)}
    assert callers == {"LoadBalancer", "Scheduler", "DagProcessor", "Triggerer"}
    assert {("Webserver", "Scheduler", 8793), ("Webserver", "Triggerer", 8794)} <= _ingress(largest)


def test_no_group_keeps_the_rule_that_allows_all(case: Case) -> None:
    """EC2 adds a rule to groups without one; each group has a rule of its own that matches nothing."""
    for group in case.resources("AWS::EC2::SecurityGroup").values():
        (rule,) = group["Properties"]["SecurityGroupEgress"]
        assert (rule["CidrIp"], rule["IpProtocol"]) == ("255.255.255.255/32", "icmp")


def test_only_what_runs_user_code_goes_anywhere(largest: Case) -> None:
    """Scheduler and triggerer work with the systems of DAGs; everyone else reaches AWS over HTTPS, data nobody."""
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


def test_words_of_rules_are_words_that_ec2_takes(case: Case) -> None:
    """Every group and every rule says what it is for, in characters that EC2 accepts."""
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


def test_workers_do_the_work_of_dags(workers: Case) -> None:
    """Beside workers, the scheduler talks to AWS alone; what DAGs talk to, workers reach."""
    ports = {
        _name(rule["Properties"]["GroupId"]): rule["Properties"].get("FromPort")
        for rule in workers.resources(EGRESS).values()
        if "CidrIp" in rule["Properties"]
    }
    assert (ports["Worker"], ports["Scheduler"]) == (None, 443)
