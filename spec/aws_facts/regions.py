"""The AWS regions of the commercial partition that offer every service an environment uses, and the zones of Fargate.

Source: AWS regional services list, read 2026-11.
"""

from collections.abc import Mapping
from types import MappingProxyType

REGIONS: tuple[str, ...] = (
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ca-central-1",
    "ca-west-1",
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
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
)

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
