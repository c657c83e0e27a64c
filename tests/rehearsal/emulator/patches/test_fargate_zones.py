"""The promises of rehearsal/emulator/patches/fargate_zones.py, in an emulator."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.yard import ACCOUNT, Yard

pytestmark = pytest.mark.rehearsal


def _client(yard: Yard, service: str, region: str) -> Any:
    identity = {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": yard.emulator.secret_key}
    client: Any = boto3.client  # its stubs want literal names
    return client(service, endpoint_url=yard.emulator.endpoint_url, region_name=region, **identity)


@pytest.mark.parametrize(
    ("region", "without"),
    [("us-west-1", {"usw1-az2"}), ("ap-northeast-1", {"apne1-az3"}), ("us-west-2", set())],
)
def test_a_task_in_a_zone_without_fargate_is_refused(yard: Yard, region: str, without: set[str]) -> None:
    """By the id of the zone: its name means another zone in another account."""
    subnets = _client(yard, "ec2", region).describe_subnets()["Subnets"]
    ecs = _client(yard, "ecs", region)
    ecs.create_cluster(clusterName="zones")
    refused = set()
    for subnet in subnets:
        network = {"awsvpcConfiguration": {"subnets": [subnet["SubnetId"]]}}
        with pytest.raises(ClientError) as caught:
            ecs.run_task(cluster="zones", taskDefinition="none", networkConfiguration=network)
        if "Fargate is not supported in the requested availability zone" in str(caught.value):
            refused.add(subnet["AvailabilityZoneId"])
    assert refused == without
