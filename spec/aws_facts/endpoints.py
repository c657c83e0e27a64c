"""The endpoints by which what stands in a VPC calls the services of AWS, by the names of their actions.

Sources, read 2026-11:
https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html, for images
https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html, for gateway endpoints
https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from collections.abc import Mapping
from types import MappingProxyType

STORAGE = "s3"
GATEWAYS = frozenset({STORAGE, "dynamodb"})
"""The services with a gateway endpoint, which costs nothing."""

OWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cloudformation": ("cloudformation",),
        "ecr": ("ecr.api", "ecr.dkr", STORAGE),
        "ecs": ("ecs",),
        "logs": ("logs",),
        "s3": (STORAGE,),
        "scheduler": ("scheduler",),
        "secretsmanager": ("secretsmanager",),
        "ssm": ("ssm",),
        "ssmmessages": ("ssmmessages",),
    }
)
"""The endpoints of the services that an environment itself may call."""

_OTHERS: Mapping[str, str] = MappingProxyType(
    {"cloudwatch": "monitoring", "firehose": "kinesis-firehose", "kinesis": "kinesis-streams"}
)
"""Those whose names differ from that in actions."""
_WITHOUT = frozenset({"elasticfilesystem", "iam"})
"""What no task calls by an endpoint: mount targets stand in the VPC, and iam:PassRole is no call."""


_OF_CHINA = frozenset(
    {
        "athena",
        "backup",
        "batch",
        "ec2",
        "ecr.api",
        "ecr.dkr",
        "eks",
        "elasticfilesystem",
        "kinesis-streams",
        "lambda",
        "monitoring",
        "rds",
        "redshift",
        "redshift-data",
        "sagemaker.api",
        "sagemaker.runtime",
        "sqs",
        "states",
        "sts",
    }
)
"""Interface endpoints whose names begin with `cn.` in China; others do not. Source: what DescribeVpcEndpointServices
answered there, https://github.com/aws/aws-cdk/pull/25333."""


def service_name(endpoint: str, region: str) -> str:
    """Return the name of the service of an endpoint, as a text of `Fn::Sub`."""
    prefix = "cn." if region.startswith("cn-") and endpoint in _OF_CHINA else ""
    return f"{prefix}com.amazonaws.${{AWS::Region}}.{endpoint}"


def endpoints_of(action: str) -> tuple[str, ...]:
    """Return the names of the endpoints by which an action such as `sqs:SendMessage` is called."""
    service = action.partition(":")[0]
    return () if service in _WITHOUT else OWN.get(service, (_OTHERS.get(service, service),))


def own_endpoints_of(action: str) -> tuple[str, ...]:
    """Return the names of those endpoints if an environment itself may call the service, and none of other services."""
    return OWN.get(action.partition(":")[0], ())
