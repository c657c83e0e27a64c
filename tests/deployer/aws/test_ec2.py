"""Availability zones through the real client, answered by hand."""

from deployer.aws.ec2 import Ec2
from tests.deployer.aws.stub import stubbed


def test_zones_are_named_by_their_ids() -> None:
    """Only those that this account may use."""
    client, stub = stubbed("ec2")
    zones = [{"ZoneId": "usw1-az3", "ZoneName": "us-west-1a"}, {"ZoneId": "usw1-az1", "ZoneName": "us-west-1b"}]
    wanted = {"Filters": [{"Name": "state", "Values": ["available"]}]}
    stub.add_response("describe_availability_zones", {"AvailabilityZones": zones}, wanted)
    assert Ec2(client).zones() == {"usw1-az3": "us-west-1a", "usw1-az1": "us-west-1b"}


def test_zones_of_subnets_are_in_the_order_of_the_subnets() -> None:
    """In whatever order EC2 answers."""
    client, stub = stubbed("ec2")
    subnets = [
        {"SubnetId": "b", "AvailabilityZone": "us-west-1c"},
        {"SubnetId": "a", "AvailabilityZone": "us-west-1a"},
    ]
    stub.add_response("describe_subnets", {"Subnets": subnets}, {"SubnetIds": ["a", "b"]})
    assert Ec2(client).zones_of(["a", "b"]) == ("us-west-1a", "us-west-1c")


def test_rules_of_groups_are_known_by_their_ids() -> None:
    """Of all groups at once."""
    client, stub = stubbed("ec2")
    wanted = {"Filters": [{"Name": "group-id", "Values": ["sg-1", "sg-2"]}]}
    rules = [{"SecurityGroupRuleId": "sgr-1"}, {"SecurityGroupRuleId": "sgr-2"}]
    stub.add_response("describe_security_group_rules", {"SecurityGroupRules": rules}, wanted)
    assert Ec2(client).rules(["sg-1", "sg-2"]) == {"sgr-1", "sgr-2"}
