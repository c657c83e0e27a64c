"""Quotas through the real client, answered by hand."""

from dataclasses import dataclass
from typing import Any

import pytest

from deployer.aws.errors import AwsRefusal
from deployer.aws.inventory import Kind
from deployer.aws.quotas import Quotas
from tests.deployer.aws.stub import stubbed

ASKED = {"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE"}
VPC = Kind(label="VPC", service="ec2", operation="describe_vpcs", items="Vpcs", name="VpcId")


@dataclass
class One:
    """The client of one service."""

    raw: Any

    def client(self, _service: str) -> Any:
        """Return it."""
        return self.raw


def test_a_quota_has_a_value() -> None:
    """The one that is in force for the account."""
    client, stub = stubbed("service-quotas")
    stub.add_response("get_service_quota", {"Quota": {"Value": 5.0}}, ASKED)
    assert Quotas(One(client)).value("vpc", "L-F678F1CE") == 5.0


@pytest.mark.parametrize("code", ["NoSuchResourceException", "AccessDeniedException"])
def test_a_quota_may_be_unknown(code: str) -> None:
    """A deploy does not fail because it may not ask; another error is one."""
    client, stub = stubbed("service-quotas")
    stub.add_client_error("get_service_quota", code)
    stub.add_client_error("get_service_quota", "IllegalArgumentException")
    assert Quotas(One(client)).value("vpc", "L-F678F1CE") is None
    with pytest.raises(AwsRefusal):
        Quotas(One(client)).value("vpc", "L-F678F1CE")


def test_what_counts_is_listed() -> None:
    """The default VPC too: the quota counts it."""
    client, stub = stubbed("ec2")
    stub.add_response("describe_vpcs", {"Vpcs": [{"VpcId": "vpc-1", "IsDefault": True}, {"VpcId": "vpc-2"}]}, {})
    assert Quotas(One(client)).used(VPC) == 2
