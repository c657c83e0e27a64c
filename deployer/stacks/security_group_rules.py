"""Names what templates call a rule of a security group, and whoever is on its other side."""

EGRESS = "AWS::EC2::SecurityGroupEgress"
INGRESS = "AWS::EC2::SecurityGroupIngress"
RULES = frozenset({EGRESS, INGRESS})
"""Rules of security groups, which are resources of their own."""

PEERS = (
    "CidrIp",
    "CidrIpv6",
    "SourceSecurityGroupId",
    "DestinationSecurityGroupId",
    "SourcePrefixListId",
    "DestinationPrefixListId",
)
"""Properties of which a rule has one."""
