"""DescribeNetworkInterfaces lists what tasks, load balancers, databases and mount targets have in a VPC.

Sources: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html, and for tasks
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import ec2, ecs, efs

from rehearsal.emulator.networking.interfaces import Interface, Placement
from rehearsal.emulator.patches.rebinding import rebind, rebind_action
from rehearsal.emulator.patches.vpc import Vpc

REFUSALS: Mapping[str, tuple[str, str]] = {
    "DeleteNetworkInterface": ("InvalidParameterValue", "Network interface '{identity}' is currently in use."),
    "DetachNetworkInterface": ("OperationNotPermitted", "You are not allowed to manage 'ela-attach' attachments."),
}
"""Code and words for an interface that a service manages. Source:
https://docs.aws.amazon.com/vpc/latest/userguide/troubleshoot-requester-managed-eni.html"""
DESCRIPTIONS: Mapping[str, str] = {
    "task": "arn:aws:ecs:{here}:attachment/{name}",
    "load balancer": "ELB {name}",
    "database": "RDSNetworkInterface",
}
FILTERS: Mapping[str, Callable[[Mapping[str, Any]], tuple[str, ...]]] = {
    "addresses.private-ip-address": lambda one: (one["PrivateIpAddress"],),
    "description": lambda one: (one["Description"],),
    "group-id": lambda one: tuple(group["GroupId"] for group in one["Groups"]),
    "network-interface-id": lambda one: (one["NetworkInterfaceId"],),
    "private-ip-address": lambda one: (one["PrivateIpAddress"],),
    "status": lambda one: (one["Status"],),
    "subnet-id": lambda one: (one["SubnetId"],),
    "vpc-id": lambda one: (one["VpcId"],),
}

Answering = Callable[[dict[str, Any]], Any]
Described = dict[str, Any]
"""An interface as MiniStack keeps one."""


def apply(vpc: Vpc) -> None:
    """List the interfaces, tell a task's, and refuse to delete or to detach what a service manages."""
    rebind_action(ec2, "DescribeNetworkInterfaces", lambda _: lambda request: _describe(vpc, request))
    for action, refusal in REFUSALS.items():
        rebind_action(ec2, action, partial(_refusing, vpc, refusal))
    rebind(ecs, "_record_task_ip", _with_identity, takes="task container ecs_network")


def _describe(vpc: Vpc, request: dict[str, Any]) -> Any:
    wanted, filters = ec2._parse_member_list(request, "NetworkInterfaceId"), ec2._parse_filters(request)
    every = {one["NetworkInterfaceId"]: one for one in (*ec2._network_interfaces.values(), *_managed(vpc))}
    if missing := [identity for identity in wanted if identity not in every]:
        return _not_found(missing[0])
    found = [one for identity, one in every.items() if (not wanted or identity in wanted) and _passes(one, filters)]
    items = "".join(ec2._eni_fields_xml(one) for one in found)
    return ec2._xml(200, "DescribeNetworkInterfacesResponse", f"<networkInterfaceSet>{items}</networkInterfaceSet>")


def _refusing(vpc: Vpc, refusal: tuple[str, str], answer: Answering) -> Answering:
    def change(request: dict[str, Any]) -> Any:
        named = (ec2._p(request, "NetworkInterfaceId"), ec2._p(request, "AttachmentId"))
        for one in _managed(vpc):
            if one["NetworkInterfaceId"] in named or one["Attachment"]["AttachmentId"] in named:
                code, words = refusal
                return ec2._error(code, words.format(identity=one["NetworkInterfaceId"]), 400)
        return answer(request)

    return change


def _with_identity(attach: Callable[..., None]) -> Callable[..., None]:
    """Name the interface of a task in its attachment."""

    def attach_with_identity(task: dict[str, Any], container: Any, ecs_network: Any) -> None:
        attach(task, container, ecs_network)
        for attachment in task.get("attachments") or ():
            details = attachment["details"]
            if not any(one["name"] == "networkInterfaceId" for one in details):
                owner = f"task {task['taskArn'].rpartition('/')[2]}"
                details.insert(0, {"name": "networkInterfaceId", "value": identity_of(owner)})

    return attach_with_identity


def identity_of(owner: str) -> str:
    """Return the id of the interface of an owner, such as `task 3f2a`."""
    return f"eni-{hashlib.sha256(owner.encode()).hexdigest()[:17]}"


def _managed(vpc: Vpc) -> Iterator[Described]:
    for one in vpc.view().interfaces:
        yield _described(one)
    for target in list(efs._mount_targets.values()):
        placement = Placement(subnet=target["SubnetId"], groups=tuple(target["SecurityGroups"]))
        words = f"EFS mount target for {target['FileSystemId']} ({target['MountTargetId']})"
        identity = target["NetworkInterfaceId"]
        yield _record(identity, placement, address=target.get("IpAddress", ""), description=words)


def _described(interface: Interface) -> Described:
    kind, _, name = interface.owner.rpartition(" ")
    here = f"{get_region()}:{get_account_id()}"
    words = DESCRIPTIONS[kind].format(here=here, name=name.partition("loadbalancer/")[2] or name)
    identity = identity_of(interface.owner)
    return _record(identity, interface.placement, address=interface.address, description=words)


def _record(identity: str, placement: Placement, *, address: str, description: str) -> Described:
    subnet = ec2._subnets.get(placement.subnet) or {}
    names = {group: (ec2._security_groups.get(group) or {}).get("GroupName", group) for group in placement.groups}
    return {
        "NetworkInterfaceId": identity,
        "SubnetId": placement.subnet,
        "VpcId": subnet.get("VpcId", ""),
        "AvailabilityZone": subnet.get("AvailabilityZone", ""),
        "Description": description,
        "OwnerId": get_account_id(),
        "Status": "in-use",
        "PrivateIpAddress": address,
        "MacAddress": _mac(identity),
        "Groups": [{"GroupId": group, "GroupName": name} for group, name in names.items()],
        "Attachment": {
            "AttachmentId": f"ela-attach-{identity.removeprefix('eni-')}",
            "DeviceIndex": 1,
            "AttachTime": _attached_at(identity),
        },
    }


@cache
def _attached_at(identity: str) -> str:  # noqa: ARG001  # each interface keeps its own
    """Return when an interface was first seen: whoever compares two looks at it sees no change."""
    return str(ec2._now_ts())


def _mac(identity: str) -> str:
    digits = identity.removeprefix("eni-")[:10]
    return "02:" + ":".join(digits[start : start + 2] for start in range(0, len(digits), 2))


def _passes(one: Described, filters: Mapping[str, list[str]]) -> bool:
    return all(
        any(ec2._glob_match(pattern, value) for pattern in patterns for value in FILTERS[name](one))
        for name, patterns in filters.items()
        if name in FILTERS
    )


def _not_found(identity: str) -> Any:
    message = f"The networkInterface ID '{identity}' does not exist"
    return ec2._error("InvalidNetworkInterfaceID.NotFound", message, 400)
