"""Availability zones of an account, rules of security groups, and what EC2 says of a VPC and its subnets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_ec2.type_defs import RouteTableTypeDef, SecurityGroupRuleTypeDef

EVERYWHERE = "0.0.0.0/0"
INTERNET_GATEWAY = "igw-"
ANY_PORT = -1


@dataclass(frozen=True, kw_only=True)
class VpcFacts:
    """A VPC: how names are resolved in it, and the services that have an endpoint there, such as `ecr.api`."""

    dns_support: bool
    dns_hostnames: bool
    endpoints: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class SecurityRule:
    """What a rule of a security group says, without id and description; `peer` is a CIDR, a group or a prefix list."""

    group: str
    egress: bool
    protocol: str
    first_port: int
    last_port: int
    peer: str


_TARGETS = ("GatewayId", "NatGatewayId", "TransitGatewayId", "VpcPeeringConnectionId", "NetworkInterfaceId")
"""The keys of a route that say where it leads."""


@dataclass(frozen=True, kw_only=True)
class SubnetFacts:
    """A subnet; `gateway` is where its route to the internet leads, and empty where it has none.

    `routes` says where each block of its route table leads, such as to `tgw-0a1b2c3d` or to `local`.
    """

    vpc: str
    zone: str
    zone_id: str
    free_addresses: int
    gateway: str = ""
    routes: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        """Whether its route to the internet leads to an internet gateway."""
        return self.gateway.startswith(INTERNET_GATEWAY)


@dataclass(frozen=True)
class Ec2:
    """EC2 in one region."""

    client: EC2Client

    def zones(self) -> Mapping[str, str]:
        """Return the names of the zones that this account may use, by their ids."""
        answer = self.client.describe_availability_zones(Filters=[{"Name": "state", "Values": ["available"]}])
        return {zone["ZoneId"]: zone["ZoneName"] for zone in answer["AvailabilityZones"]}

    def zones_of(self, subnets: Sequence[str]) -> tuple[str, ...]:
        """Return the names of the zones in which subnets stand, in the order of the subnets."""
        found = self.client.describe_subnets(SubnetIds=list(subnets))["Subnets"]
        names = {subnet["SubnetId"]: subnet["AvailabilityZone"] for subnet in found}
        return tuple(names[subnet] for subnet in subnets)

    def rules(self, groups: Sequence[str]) -> Mapping[str, SecurityRule]:
        """Return all rules that security groups have, by their ids."""
        pages = self.client.get_paginator("describe_security_group_rules").paginate(
            Filters=[{"Name": "group-id", "Values": list(groups)}]
        )
        return {
            rule.get("SecurityGroupRuleId", ""): _rule(rule) for page in pages for rule in page["SecurityGroupRules"]
        }

    def vpc(self, identity: str) -> VpcFacts | None:
        """Return what is known of a VPC; None where there is none of this id."""
        if not self.client.describe_vpcs(Filters=[{"Name": "vpc-id", "Values": [identity]}])["Vpcs"]:
            return None
        support = self.client.describe_vpc_attribute(VpcId=identity, Attribute="enableDnsSupport")
        names = self.client.describe_vpc_attribute(VpcId=identity, Attribute="enableDnsHostnames")
        pages = self.client.get_paginator("describe_vpc_endpoints").paginate()
        prefix = f"com.amazonaws.{self.client.meta.region_name}."
        return VpcFacts(
            dns_support=support["EnableDnsSupport"].get("Value", False),
            dns_hostnames=names["EnableDnsHostnames"].get("Value", False),
            endpoints=frozenset(
                one["ServiceName"].removeprefix(prefix)
                for page in pages
                for one in page["VpcEndpoints"]
                if one["VpcId"] == identity
            ),
        )

    def vpc_blocks(self) -> Mapping[str, tuple[str, ...]]:
        """Return the IPv4 blocks of every VPC of the account in this region, by its id."""
        pages = self.client.get_paginator("describe_vpcs").paginate()
        return {
            vpc["VpcId"]: tuple(one["CidrBlock"] for one in vpc.get("CidrBlockAssociationSet", ()))
            for page in pages
            for vpc in page["Vpcs"]
        }

    def subnets(self, identities: Sequence[str]) -> Mapping[str, SubnetFacts]:
        """Return what is known of subnets, by id; of those that there are."""
        wanted = sorted(set(identities))
        found = self.client.describe_subnets(Filters=[{"Name": "subnet-id", "Values": wanted}])["Subnets"]
        vpcs = sorted({subnet["VpcId"] for subnet in found})
        tables = self._route_tables(vpcs) if vpcs else []
        routes = {subnet["SubnetId"]: dict(_routes(subnet["SubnetId"], subnet["VpcId"], tables)) for subnet in found}
        return {
            subnet["SubnetId"]: SubnetFacts(
                vpc=subnet["VpcId"],
                zone=subnet["AvailabilityZone"],
                zone_id=subnet["AvailabilityZoneId"],
                free_addresses=subnet["AvailableIpAddressCount"],
                gateway=routes[subnet["SubnetId"]].get(EVERYWHERE, ""),
                routes=routes[subnet["SubnetId"]],
            )
            for subnet in found
        }

    def _route_tables(self, vpcs: list[str]) -> list[RouteTableTypeDef]:
        pages = self.client.get_paginator("describe_route_tables").paginate(
            Filters=[{"Name": "vpc-id", "Values": vpcs}]
        )
        return [table for page in pages for table in page["RouteTables"]]


def _routes(subnet: str, vpc: str, tables: Sequence[RouteTableTypeDef]) -> Iterator[tuple[str, str]]:
    """Yield each block with where it leads by the table of a subnet, or by the main table of its VPC."""
    own = (one for one in tables if any(each.get("SubnetId") == subnet for each in one["Associations"]))
    main = (one for one in tables if one.get("VpcId") == vpc and any(each.get("Main") for each in one["Associations"]))
    table = next(iter((*own, *main)), None)
    for route in table["Routes"] if table else ():
        if "DestinationCidrBlock" in route and route.get("State") == "active":
            target = next((str(route[key]) for key in _TARGETS if route.get(key)), "")  # type: ignore[literal-required]  # names of the keys
            yield route["DestinationCidrBlock"], target


def _rule(found: SecurityGroupRuleTypeDef) -> SecurityRule:
    other = found.get("ReferencedGroupInfo", {}).get("GroupId", "")
    return SecurityRule(
        group=found.get("GroupId", ""),
        egress=found.get("IsEgress", False),
        protocol=found.get("IpProtocol", ""),
        first_port=found.get("FromPort", ANY_PORT),
        last_port=found.get("ToPort", ANY_PORT),
        peer=found.get("CidrIpv4") or found.get("CidrIpv6") or found.get("PrefixListId") or other,
    )
