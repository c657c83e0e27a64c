"""The AWS regions that offer every service an environment uses, their partitions, and the zones of Fargate.

Source: AWS regional services list, and the resource types of the CloudFormation registry by region, as bundled with
cfn-lint 1.58, read 2026-11.
"""

from collections.abc import Mapping
from types import MappingProxyType

REGIONS: tuple[str, ...] = (
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
)

WITHOUT_AUTHORITY = frozenset(
    {
        "ap-east-2",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "cn-north-1",
        "cn-northwest-1",
        "mx-central-1",
        "us-gov-east-1",
        "us-gov-west-1",
    }
)
"""The regions for which Windsock has no certificates of the authority of RDS: nobody could compare them yet."""

OTHER_PARTITIONS = ("eu-iso", "eusc-", "us-iso")
"""What the names of regions begin with that Windsock does not know: those of AWS for some states alone."""

COMMERCIAL = "aws"
_PARTITIONS: Mapping[str, str] = MappingProxyType({"cn-": "aws-cn", "us-gov-": "aws-us-gov"})
_SUFFIXES: Mapping[str, str] = MappingProxyType({"aws-cn": "amazonaws.com.cn"})
"""Source: partitions.json of botocore, read 2026-11."""

LOG_ACCOUNTS: Mapping[str, str] = MappingProxyType(
    {
        "cn-north-1": "638102146993",
        "cn-northwest-1": "037604701340",
        "us-gov-east-1": "190560391635",
        "us-gov-west-1": "048591011584",
    }
)
"""The accounts with which load balancers write access logs where the service itself does not. Source: "Enable access
logs for your Application Load Balancer", and aws_elb_service_account of
github.com/hashicorp/terraform-provider-aws."""


FARGATE_ZONES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ap-northeast-1": ("apne1-az1", "apne1-az2", "apne1-az4"),
        "us-west-1": ("usw1-az1", "usw1-az3"),
    }
)
"""The zones that have Fargate, by their ids, of the regions that do not have it in every zone.

The name of a zone, such as us-west-1a, means another zone in another account; its id means the same one everywhere.
Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html, read 2026-11.
"""


def partition_of(region: str) -> str:
    """Return the partition of a region, as ARNs have it."""
    return next((name for prefix, name in _PARTITIONS.items() if region.startswith(prefix)), COMMERCIAL)


def dns_suffix(region: str) -> str:
    """Return what the names of endpoints end with in a region, as `AWS::URLSuffix` does."""
    return _SUFFIXES.get(partition_of(region), "amazonaws.com")
