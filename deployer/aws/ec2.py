"""Availability zones of an account, by their ids and by the subnets that stand in them; rules of security groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_ec2 import EC2Client


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

    def rules(self, groups: Sequence[str]) -> frozenset[str]:
        """Return the ids of all rules that security groups have."""
        pages = self.client.get_paginator("describe_security_group_rules").paginate(
            Filters=[{"Name": "group-id", "Values": list(groups)}]
        )
        return frozenset(rule.get("SecurityGroupRuleId", "") for page in pages for rule in page["SecurityGroupRules"])
