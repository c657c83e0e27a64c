"""NAT gateways and their addresses as resources of CloudFormation, and what EC2 refuses about them.

Sources: "Troubleshoot NAT gateways" and "NAT gateway basics", Amazon VPC User Guide,
https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html; CreateNatGateway and ReleaseAddress,
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html and
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html; error codes:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from ministack.services import ec2
from ministack.services.cloudformation import provisioners

from rehearsal.emulator.patches.handlers import Created, ResourceHandlers
from rehearsal.emulator.patches.rebinding import rebind_action
from rehearsal.emulator.patches.routes import has_internet_gateway

ADDRESS, GATEWAY = "AWS::EC2::EIP", "AWS::EC2::NatGateway"
DELETED = "deleted"
NO_INTERNET_GATEWAY = "Network {vpc} has no Internet gateway attached"

Answering = Callable[[dict[str, Any]], Any]


def apply(handlers: ResourceHandlers) -> None:
    """Add both types, and let the calls refuse what EC2 refuses."""
    provisioners._STACK_TAG_PROPERTY[ADDRESS] = provisioners._STACK_TAG_PROPERTY[GATEWAY] = ("Tags", "list")
    _add_address(handlers)
    _add_gateway(handlers)
    rebind_action(ec2, "CreateNatGateway", _creating)
    rebind_action(ec2, "ReleaseAddress", _releasing)


def _add_address(handlers: ResourceHandlers) -> None:
    def create(_logical_id: str, properties: dict[str, Any], _stack: str) -> Created:
        made = handlers.api("ec2").allocate_address(Domain="vpc", **_tagged("elastic-ip", properties))
        attributes = {name: made[name] for name in ("PublicIp", "AllocationId")}
        return made["PublicIp"], attributes

    def update(physical_id: str, _old: Any, new: Any, _stack: str, _logical_id: Any) -> Created:
        """Change the tags; CloudFormation replaces an address for any other change."""
        identity = _allocation(physical_id)
        _retag(handlers, identity, new)
        return physical_id, {"PublicIp": physical_id, "AllocationId": identity}

    def delete(physical_id: str, _properties: dict[str, Any]) -> None:
        if identity := _allocation(physical_id):
            handlers.api("ec2").release_address(AllocationId=identity)

    handlers.put(ADDRESS, create=create, update=update, delete=delete)


def _add_gateway(handlers: ResourceHandlers) -> None:
    def create(_logical_id: str, properties: dict[str, Any], _stack: str) -> Created:
        wanted = {name: properties[name] for name in ("AllocationId", "ConnectivityType") if name in properties}
        try:
            made = handlers.api("ec2").create_nat_gateway(
                SubnetId=properties["SubnetId"], **wanted, **_tagged("natgateway", properties)
            )
        except ClientError as error:
            raise ValueError(str(error)) from None
        identity = made["NatGateway"]["NatGatewayId"]
        return identity, {"NatGatewayId": identity}

    def update(physical_id: str, _old: Any, new: Any, _stack: str, _logical_id: Any) -> Created:
        """Change the tags; CloudFormation replaces a gateway for any other change that templates here make."""
        _retag(handlers, physical_id, new)
        return physical_id, {"NatGatewayId": physical_id}

    def delete(physical_id: str, _properties: dict[str, Any]) -> None:
        if _is_there(physical_id):
            handlers.api("ec2").delete_nat_gateway(NatGatewayId=physical_id)

    handlers.put(GATEWAY, create=create, update=update, delete=delete)


def _creating(answer: Answering) -> Answering:
    def create_nat_gateway(request: dict[str, Any]) -> Any:
        subnet, allocation = ec2._p(request, "SubnetId"), ec2._p(request, "AllocationId")
        if subnet not in ec2._subnets:
            return ec2._error("InvalidSubnetID.NotFound", f"The subnet ID '{subnet}' does not exist", 400)
        if (ec2._p(request, "ConnectivityType") or "public") != "public":
            return answer(request)
        vpc = ec2._subnets[subnet]["VpcId"]
        if allocation not in ec2._addresses:
            return ec2._error("InvalidAllocationID.NotFound", f"The allocation ID '{allocation}' does not exist", 400)
        if _gateway_of(allocation):
            message = f"Elastic IP address [{allocation}] is already associated"
            return ec2._error("Resource.AlreadyAssociated", message, 400)
        if not has_internet_gateway(vpc):
            return ec2._error("Gateway.NotAttached", NO_INTERNET_GATEWAY.format(vpc=vpc), 400)
        return answer(request)

    return create_nat_gateway


def _releasing(answer: Answering) -> Answering:
    def release_address(request: dict[str, Any]) -> Any:
        allocation = ec2._p(request, "AllocationId")
        if _gateway_of(allocation):
            address = ec2._addresses[allocation]["PublicIp"]
            return ec2._error("InvalidIPAddress.InUse", f"Address {address} is in use.", 400)
        return answer(request)

    return release_address


def _gateway_of(allocation: str) -> str:
    """Return the gateway that has an address; empty where none has."""
    there = [one for one in list(ec2._nat_gateways.values()) if one["State"] != DELETED]
    return next((str(one["NatGatewayId"]) for one in there if one["AllocationId"] == allocation), "")


def _is_there(gateway: str) -> bool:
    record = ec2._nat_gateways.get(gateway)
    return record is not None and record["State"] != DELETED


def _allocation(address: str) -> str:
    every = list(ec2._addresses.values())
    return next((str(one["AllocationId"]) for one in every if one["PublicIp"] == address), "")


def _tagged(kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    tags = properties.get("Tags")
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]} if tags else {}


def _retag(handlers: ResourceHandlers, identity: str, properties: dict[str, Any]) -> None:
    if tags := properties.get("Tags"):
        handlers.api("ec2").create_tags(Resources=[identity], Tags=tags)
