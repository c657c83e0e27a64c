"""The load balancer of a network has one certificate and one record for all sites, and reaches their web servers."""

from pathlib import Path
from typing import Any

from compiler.compile import compile_environment, compile_network
from compiler.lint import lint
from compiler.model.yaml_reader import read_template
from tests.spec.networks import BALANCER, SITE, behind_shared, shared_network


def _network(folder: Path) -> dict[str, Any]:
    template = read_template(compile_network(shared_network(folder, more=BALANCER)).files["root.yaml"])
    return {name: one["Properties"] for name, one in template["Resources"].items()}


def _environment(folder: Path, more: str = "") -> dict[str, dict[str, Any]]:
    files = compile_environment(behind_shared(folder, SITE + more)).files
    return {name: read_template(text) for name, text in files.items()}


def test_one_certificate_and_one_record_are_for_all_sites(tmp_path: Path) -> None:
    """An environment that comes waits for neither."""
    found = _network(tmp_path)
    assert found["Certificate"]["DomainName"] == found["Record"]["Name"] == "*.example.com"
    assert found["HttpsListener"]["Certificates"] == [{"CertificateArn": {"Ref": "Certificate"}}]


def test_a_site_keeps_its_name_on_the_way_to_tls(tmp_path: Path) -> None:
    """And only names of sites are led there: a request may be for any host."""
    found = _network(tmp_path)
    (condition,) = found["RedirectRule"]["Conditions"]
    assert condition["HostHeaderConfig"]["Values"] == ["*.example.com"]
    assert found["RedirectRule"]["Actions"][0]["RedirectConfig"]["Host"] == "#{host}"
    assert found["HttpListener"]["DefaultActions"][0]["Type"] == "fixed-response"


def test_its_access_logs_outlive_the_network(tmp_path: Path) -> None:
    """In a bucket that lets load balancers of the account in, and nothing else; they try it at once."""
    more = BALANCER.replace("]}", "], access_log_days: 90}")
    templates = compile_network(shared_network(tmp_path, more=more))
    resources = read_template(templates.files["root.yaml"])["Resources"]
    bucket, policy = resources["AccessLogBucket"], resources["AccessLogBucketPolicy"]
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    (rule,) = bucket["Properties"]["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] == 90
    assert [one["Sid"] for one in policy["Properties"]["PolicyDocument"]["Statement"] if one["Effect"] == "Allow"] == [
        "LoadBalancersLog"
    ]
    balancer = resources["LoadBalancer"]
    assert balancer["DependsOn"] == "AccessLogBucketPolicy"
    attributes = {one["Key"]: one["Value"] for one in balancer["Properties"]["LoadBalancerAttributes"]}
    assert attributes["access_logs.s3.bucket"] == {"Ref": "AccessLogBucket"}
    assert lint(templates, region="us-west-2") == ()
    assert not [name for name in _network(tmp_path) if name.startswith("AccessLog")]


def test_one_web_acl_counts_logins_at_all_sites(tmp_path: Path) -> None:
    """By the address of the connection; there is none unless the YAML asks for it."""
    more = BALANCER.replace("]}", "], waf: true, waf_logins: 20}")
    templates = compile_network(shared_network(tmp_path, more=more))
    resources = read_template(templates.files["root.yaml"])["Resources"]
    acl, placed = resources["WebAcl"]["Properties"], resources["WebAclAssociation"]["Properties"]
    assert (acl["Name"], placed["ResourceArn"]) == ("team-web", {"Ref": "LoadBalancer"})
    rate = acl["Rules"][0]["Statement"]["RateBasedStatement"]
    assert (rate["AggregateKeyType"], rate["Limit"]) == ("IP", 20)
    assert lint(templates, region="us-west-2") == ()
    assert "WebAcl" not in _network(tmp_path)


def test_it_reaches_web_servers_and_nothing_else(tmp_path: Path) -> None:
    """Every environment says itself which of its tasks it lets it in to."""
    found = _network(tmp_path)
    rule = found["LoadBalancerToWebServers"]
    assert (rule["CidrIp"], rule["FromPort"], rule["ToPort"]) == (found["Vpc"]["CidrBlock"], 8080, 8080)
    assert [name for name in found if name.startswith("Visitors")] == [
        "VisitorsToLoadBalancer1",
        "VisitorsToLoadBalancerTls1",
    ]
    assert {name for name in found if "ToLoadBalancer" in name or name.startswith("LoadBalancerTo")} == {
        "LoadBalancerToWebServers",
        "VisitorsToLoadBalancer1",
        "VisitorsToLoadBalancerTls1",
    }


def test_an_environment_adds_a_target_group_and_rules_for_its_host(tmp_path: Path) -> None:
    """Nothing of it serves another site, and it pays for no load balancer."""
    templates = _environment(tmp_path, "schedule: {on: '08:00-18:00 Mon-Fri', timezone: UTC}\n")
    edge = templates["edge.yaml"]["Resources"]
    assert {one["Type"].rpartition("::")[2] for one in edge.values()} == {"TargetGroup", "ListenerRule"}
    rules = [one["Properties"] for one in edge.values() if one["Type"].endswith("ListenerRule")]
    assert all(rule["ListenerArn"] == {"Ref": "Listener"} for rule in rules)
    hosts = {host for rule in rules for host in rule["Conditions"][0]["HostHeaderConfig"]["Values"]}
    assert hosts == {"demo.example.com", "asleep.invalid"}
    passed = templates["root.yaml"]["Resources"]["Edge"]["Properties"]["Parameters"]
    assert passed["Listener"] == {"Fn::ImportValue": "team-Listener"}


def test_its_web_server_lets_the_shared_load_balancer_in(tmp_path: Path) -> None:
    """By the security group that the network exports, of which it changes nothing."""
    templates = _environment(tmp_path)
    network = templates["network.yaml"]["Resources"]
    assert "LoadBalancerSecurityGroup" not in network
    rule = network["LoadBalancerToWebserverIngress"]["Properties"]
    assert rule["SourceSecurityGroupId"] == {"Ref": "LoadBalancerSecurityGroup"}
    assert "LoadBalancerToWebserverEgress" not in network
    passed = templates["root.yaml"]["Resources"]["Network"]["Properties"]["Parameters"]
    assert passed["LoadBalancerSecurityGroup"] == {"Fn::ImportValue": "team-LoadBalancerSecurityGroup"}
