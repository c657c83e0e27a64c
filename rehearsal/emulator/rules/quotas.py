"""The default quotas of a new account, with the error by which each service refuses one more.

Sources: "AWS service endpoints and quotas", AWS General Reference, https://docs.aws.amazon.com/general/latest/gr/
(vpc-service.html, ec2-service.html, elb.html, rds-service.html, elasticfilesystem.html, ecs-service.html, asm.html);
error codes:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Quota:
    """One quota: its names in Service Quotas, its default, the resource type that it counts, and the refusal.

    `type` is empty where something else than resources of an account is counted.
    """

    service: str
    code: str
    name: str
    value: int
    error: str
    message: str
    type: str = ""
    action: str = ""
    """The API action that creates one, where it is not made by CloudFormation."""

    @property
    def refusal(self) -> str:
        """What CloudFormation says of it."""
        return f"{self.message} (Service: {self.service}, Status Code: 400, Error Code: {self.error})"


RULES = Quota(
    service="vpc",
    code="L-0EA8095F",
    name="Inbound or outbound rules per security group",
    value=60,
    error="RulesPerSecurityGroupLimitExceeded",
    message="The maximum number of rules per security group has been reached.",
)
GROUPS = Quota(
    service="vpc",
    code="L-2AFB9258",
    name="Security groups per network interface",
    value=5,
    error="SecurityGroupsPerInterfaceLimitExceeded",
    message="The maximum number of security groups per interface has been reached.",
)
ON_DEMAND = Quota(
    service="fargate",
    code="L-3032A538",
    name="Fargate On-Demand vCPU resource count",
    value=6,
    error="ClientException",
    message="You've reached the limit on the number of vCPUs you can run concurrently",
)
SPOT = Quota(
    service="fargate",
    code="L-36FBB829",
    name="Fargate Spot vCPU resource count",
    value=6,
    error="ClientException",
    message="You've reached the limit on the number of vCPUs you can run concurrently",
)
COUNTED = (
    Quota(
        service="vpc",
        code="L-F678F1CE",
        name="VPCs per Region",
        value=5,
        error="VpcLimitExceeded",
        message="The maximum number of VPCs has been reached.",
        type="AWS::EC2::VPC",
        action="CreateVpc",
    ),
    Quota(
        service="vpc",
        code="L-A4707A72",
        name="Internet gateways per Region",
        value=5,
        error="InternetGatewayLimitExceeded",
        message="The maximum number of internet gateways has been reached.",
        type="AWS::EC2::InternetGateway",
        action="CreateInternetGateway",
    ),
    Quota(
        service="ec2",
        code="L-0263D0A3",
        name="EC2-VPC Elastic IPs",
        value=5,
        error="AddressLimitExceeded",
        message="The maximum number of addresses has been reached.",
        type="AWS::EC2::EIP",
        action="AllocateAddress",
    ),
    Quota(
        service="elasticloadbalancing",
        code="L-53DA6B97",
        name="Application Load Balancers per Region",
        value=50,
        error="TooManyLoadBalancers",
        message="The maximum number of load balancers has been reached.",
        type="AWS::ElasticLoadBalancingV2::LoadBalancer",
    ),
    Quota(
        service="rds",
        code="L-7B6409FD",
        name="DB instances",
        value=40,
        error="InstanceQuotaExceeded",
        message="Cannot create more DB instances: the quota of DB instances has been reached.",
        type="AWS::RDS::DBInstance",
    ),
    Quota(
        service="elasticfilesystem",
        code="L-848C634D",
        name="File systems per account",
        value=1000,
        error="FileSystemLimitExceeded",
        message="The maximum number of file systems has been reached.",
        type="AWS::EFS::FileSystem",
    ),
    Quota(
        service="secretsmanager",
        code="L-2F66C23C",
        name="Secrets per Region",
        value=500_000,
        error="LimitExceededException",
        message="You have reached the maximum number of secrets.",
        type="AWS::SecretsManager::Secret",
    ),
)
"""Quotas of resources that an account has in a region."""
NAT_GATEWAYS = Quota(
    service="vpc",
    code="L-FE5A380F",
    name="NAT gateways per Availability Zone",
    value=5,
    error="NatGatewayLimitExceeded",
    message="The maximum number of NAT gateways in this Availability Zone has been reached.",
    type="AWS::EC2::NatGateway",
    action="CreateNatGateway",
)
QUOTAS = (*COUNTED, NAT_GATEWAYS, RULES, GROUPS, ON_DEMAND, SPOT)

INTERFACES = {
    "AWS::EC2::VPCEndpoint": ("SecurityGroupIds",),
    "AWS::ECS::Service": ("NetworkConfiguration", "AwsvpcConfiguration", "SecurityGroups"),
    "AWS::EFS::MountTarget": ("SecurityGroups",),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("SecurityGroups",),
    "AWS::RDS::DBInstance": ("VPCSecurityGroups",),
}
"""Where the properties of a type name the groups of its network interfaces."""


def groups_of(kind: str, properties: dict[str, object]) -> tuple[str, ...]:
    """Return the security groups of a resource's network interfaces."""
    found: object = properties
    for name in INTERFACES.get(kind, ()):
        found = found.get(name) if isinstance(found, dict) else None
    return tuple(map(str, found)) if isinstance(found, list) and kind in INTERFACES else ()


def rules_by_family(permissions: list[dict[str, object]]) -> tuple[int, int]:
    """Return how many rules for IPv4 and for IPv6 the permissions of a group are, in one direction.

    A rule with a group or a prefix list as its other end counts for both. Source: "Amazon VPC quotas", Amazon VPC
    User Guide, https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
    """
    both = sum(_length(one, "UserIdGroupPairs") + _length(one, "PrefixListIds") for one in permissions)
    four = sum(_length(one, "IpRanges") for one in permissions)
    six = sum(_length(one, "Ipv6Ranges") for one in permissions)
    return both + four, both + six


def _length(permission: dict[str, object], part: str) -> int:
    found = permission.get(part)
    return len(found) if isinstance(found, list) else 0
