"""Each resource type by its tariff; what is free is named, and nothing is both."""

from collections.abc import Mapping
from typing import Any

import pytest

from pricing.bill import Line, Unpriced
from pricing.tariffs import FREE, TARIFFS
from tests.pricing.conftest import Charged

DATABASE = "AWS::RDS::DBInstance"
BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
FILES = "AWS::EFS::FileSystem"


def _said(charged: Charged, type_: str, properties: Mapping[str, Any], **hours: Any) -> list[Line | Unpriced]:
    return list(TARIFFS[type_](charged(type_, properties, **hours)))


def _words(said: list[Line | Unpriced]) -> list[str]:
    return [line.item if isinstance(line, Line) else line.why for line in said]


def test_nothing_is_both_free_and_priced() -> None:
    """Each type is in one of the two lists."""
    assert FREE.isdisjoint(TARIFFS)


def test_a_database_costs_its_class_and_its_volume(charged: Charged) -> None:
    """The class sleeps outside office hours, the volume never."""
    properties = {"DBInstanceClass": "db.t4g.micro", "AllocatedStorage": "20"}
    class_, volume = _said(charged, DATABASE, properties, hours=200)
    assert isinstance(class_, Line)
    assert isinstance(volume, Line)
    assert (class_.item, class_.hours) == ("RDS db.t4g.micro", 200)
    assert volume.item == "gp3, 20 GB"
    assert volume.monthly == pytest.approx(20.0)


@pytest.mark.parametrize("said", [True, "true"])
def test_a_standby_has_prices_of_its_own(charged: Charged, said: object) -> None:
    """For class and volume, whether the template has text or a boolean."""
    properties = {"DBInstanceClass": "db.t4g.small", "AllocatedStorage": 20, "MultiAZ": said}
    assert _words(_said(charged, DATABASE, properties)) == ["RDS db.t4g.small Multi-AZ", "gp3, 20 GB"]


def test_an_unknown_instance_class_is_unpriced(charged: Charged) -> None:
    """Its volume is in the bill, and the bill says that the class is not."""
    properties = {"DBInstanceClass": "db.r7g.16xlarge", "AllocatedStorage": "20"}
    missing, volume = _said(charged, DATABASE, properties)
    assert isinstance(missing, Unpriced)
    assert "db.r7g.16xlarge" in missing.why
    assert isinstance(volume, Line)


def test_only_an_internet_facing_load_balancer_has_public_addresses(charged: Charged) -> None:
    """Two of them; inside a network it has none to pay."""
    outside = _said(charged, BALANCER, {"Scheme": "internet-facing"})
    assert _words(outside)[-1] == "2 public IPv4 addresses"
    assert len(_said(charged, BALANCER, {"Scheme": "internal"})) == len(outside) - 1


def test_other_load_balancers_are_unpriced(charged: Charged) -> None:
    """They have another tariff."""
    assert "application" in _words(_said(charged, BALANCER, {"Type": "network"}))[0]


def test_only_elastic_throughput_of_files_costs(charged: Charged) -> None:
    """By the hours in which anything runs; bursting is in the price of storage, provisioned is not in the table."""
    _, traffic = _said(charged, FILES, {"ThroughputMode": "elastic"}, running=200, traffic_costs=True)
    assert isinstance(traffic, Line)
    assert traffic.hours == 200
    assert len(_said(charged, FILES, {"ThroughputMode": "bursting"})) == 1
    assert isinstance(_said(charged, FILES, {"ThroughputMode": "provisioned"})[1], Unpriced)


def test_a_database_on_files_costs_its_writes(charged: Charged) -> None:
    """With elastic throughput it is a line of its own; other directories and other throughput cost nothing more."""
    access_point = "AWS::EFS::AccessPoint"
    database, dags = ({"RootDirectory": {"Path": path}} for path in ("/database-postgres-16", "/dags"))
    (line,) = _said(charged, access_point, database, running=200, traffic_costs=True)
    assert isinstance(line, Line)
    assert line.hours == 200
    assert line.monthly == pytest.approx(126 * 200 / 730)
    assert _said(charged, access_point, database) == []
    assert _said(charged, access_point, dags, traffic_costs=True) == []


def test_only_interface_endpoints_cost(charged: Charged) -> None:
    """They cost by the zone."""
    endpoint = "AWS::EC2::VPCEndpoint"
    assert _said(charged, endpoint, {"VpcEndpointType": "Gateway"}) == []
    three = {"VpcEndpointType": "Interface", "SubnetIds": ["a", "b", "c"]}
    (line,) = _said(charged, endpoint, three)
    assert isinstance(line, Line)
    assert line.hourly == 3
    assert _words(_said(charged, endpoint, {"VpcEndpointType": "Interface"})) == ["interface endpoint in 2 zones"]


def test_container_insights_are_unpriced(charged: Charged) -> None:
    """AWS charges them by metric; without them a cluster is free."""
    for value, count in (("enabled", 1), ("enhanced", 1), ("disabled", 0)):
        settings = {"ClusterSettings": [{"Name": "containerInsights", "Value": value}]}
        assert len(_said(charged, "AWS::ECS::Cluster", settings)) == count


@pytest.mark.parametrize(
    ("type_", "monthly"),
    [
        ("AWS::EC2::NatGateway", 730),
        ("AWS::EC2::EIP", 3.65),
        ("AWS::S3::Bucket", 0.1),
        ("AWS::ECR::Repository", 1),
        ("AWS::SecretsManager::Secret", 1),
        ("AWS::KMS::Key", 1),
        ("AWS::Route53::HostedZone", 1),
        ("AWS::ServiceDiscovery::PrivateDnsNamespace", 1),
    ],
)
def test_a_resource_with_one_price_has_one_line(charged: Charged, type_: str, monthly: float) -> None:
    """The line does not depend on the properties."""
    (line,) = _said(charged, type_, {})
    assert isinstance(line, Line)
    assert line.monthly == pytest.approx(monthly)
