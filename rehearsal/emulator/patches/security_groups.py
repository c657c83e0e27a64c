"""Security group rules as resources of their own, which MiniStack does not know; deleting one revokes it."""

from typing import Any

from rehearsal.emulator.patches.handlers import Created, ResourceHandlers

GROUP_ENDS = ("SourceSecurityGroupId", "DestinationSecurityGroupId")


def apply(handlers: ResourceHandlers) -> None:
    """Add both directions."""
    for direction in ("ingress", "egress"):
        _add(handlers, f"AWS::EC2::SecurityGroup{direction.title()}", direction)


def _add(handlers: ResourceHandlers, kind: str, direction: str) -> None:
    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        authorize = getattr(handlers.api("ec2"), f"authorize_security_group_{direction}")
        answer = authorize(GroupId=properties["GroupId"], IpPermissions=[permission(properties)])
        rules = answer.get("SecurityGroupRules") or [{}]
        identity = rules[0].get("SecurityGroupRuleId") or f"sgr-{stack}-{logical_id}"
        return identity, {"Id": identity}

    def delete(_physical_id: str, properties: dict[str, Any]) -> None:
        revoke = getattr(handlers.api("ec2"), f"revoke_security_group_{direction}")
        revoke(GroupId=properties["GroupId"], IpPermissions=[permission(properties)])

    def update(physical_id: str, old: Any, new: Any, stack: str, logical_id: Any) -> Created:
        """Change the description; CloudFormation replaces a rule for any other change."""
        delete(physical_id, old)
        create(logical_id, new, stack)
        return physical_id, {"Id": physical_id}

    handlers.put(kind, create=create, delete=delete, update=update)


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
