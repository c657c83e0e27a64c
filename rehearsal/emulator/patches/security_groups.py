"""Security group rules are resources of their own, each with an id that no other rule ever has.

MiniStack does not know the resources, makes the id of a rule from what it says, and lets a rule be added twice.

Sources: AuthorizeSecurityGroupIngress, "the rule ID", Amazon EC2 API Reference; InvalidPermission.Duplicate,
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

import uuid
from collections.abc import Callable
from typing import Any

from ministack.services import ec2

from rehearsal.emulator.patches.handlers import Created, ResourceHandlers
from rehearsal.emulator.patches.rebinding import rebind, rebind_action

GROUP_ENDS = ("SourceSecurityGroupId", "DestinationSecurityGroupId")
ID = "SecurityGroupRuleId"
OF_GROUP = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}
"""Where MiniStack's record of a group has its rules."""


def apply(handlers: ResourceHandlers) -> None:
    """Add both directions."""
    rebind(ec2, "_sg_rule_id", _given_once, takes="sg_id is_egress rule")
    for direction, rules in OF_GROUP.items():
        name = direction.title()
        rebind_action(ec2, f"AuthorizeSecurityGroup{name}", _adding_once(rules))
        _add(handlers, f"AWS::EC2::SecurityGroup{name}", direction)


def _add(handlers: ResourceHandlers, kind: str, direction: str) -> None:
    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        authorize = getattr(handlers.api("ec2"), f"authorize_security_group_{direction}")
        answer = authorize(GroupId=properties["GroupId"], IpPermissions=[permission(properties)])
        rules = answer.get("SecurityGroupRules") or [{}]
        identity = rules[0].get(ID) or f"sgr-{stack}-{logical_id}"
        return identity, {"Id": identity}

    def delete(_physical_id: str, properties: dict[str, Any]) -> None:
        revoke = getattr(handlers.api("ec2"), f"revoke_security_group_{direction}")
        revoke(GroupId=properties["GroupId"], IpPermissions=[permission(properties)])

    def update(physical_id: str, old: Any, new: Any, stack: str, logical_id: Any) -> Created:
        """Change the description; CloudFormation replaces a rule for any other change."""
        delete(physical_id, old)
        made, _ = create(logical_id, new, stack)
        rules = ec2._security_groups[new["GroupId"]][OF_GROUP[direction]]
        next(rule for rule in rules if rule.get(ID) == made)[ID] = physical_id
        return physical_id, {"Id": physical_id}

    handlers.put(kind, create=create, delete=delete, update=update)


def _given_once(_original: Callable[..., str]) -> Callable[..., str]:
    def rule_id(_group: str, _is_egress: Any, rule: dict[str, Any]) -> str:
        identity: str = rule.setdefault(ID, f"sgr-{uuid.uuid4().hex[:17]}")
        return identity

    return rule_id


def _adding_once(rules: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def correct(authorize: Callable[..., Any]) -> Callable[..., Any]:
        def authorize_once(request: dict[str, Any]) -> Any:
            there = (ec2._security_groups.get(ec2._p(request, "GroupId")) or {}).get(rules, [])
            for asked in ec2._parse_ip_permissions(request, "IpPermissions"):
                if any(ec2._rules_match(asked, known) for known in there):
                    return ec2._error("InvalidPermission.Duplicate", f"the specified rule {asked} already exists", 400)
            return authorize(request)

        return authorize_once

    return correct


def permission(properties: dict[str, Any]) -> dict[str, Any]:
    """Convert a template's rule to an IpPermission of the API."""
    described = {"Description": properties["Description"]} if properties.get("Description") else {}
    rule: dict[str, Any] = {"IpProtocol": str(properties["IpProtocol"])}
    rule |= {port: int(properties[port]) for port in ("FromPort", "ToPort") if port in properties}
    if "CidrIp" in properties:
        rule["IpRanges"] = [{"CidrIp": properties["CidrIp"], **described}]
    if "CidrIpv6" in properties:
        rule["Ipv6Ranges"] = [{"CidrIpv6": properties["CidrIpv6"], **described}]
    groups = [properties[end] for end in GROUP_ENDS if properties.get(end)]
    if groups:
        rule["UserIdGroupPairs"] = [{"GroupId": group, **described} for group in groups]
    prefixes = [properties[end] for end in ("SourcePrefixListId", "DestinationPrefixListId") if properties.get(end)]
    if prefixes:
        rule["PrefixListIds"] = [{"PrefixListId": prefix, **described} for prefix in prefixes]
    return rule
