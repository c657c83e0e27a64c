"""Refuses to move a deployed environment into another VPC or out of a zone, from the templates alone.

RDS keeps an instance in its VPC, and security groups cannot leave theirs. Source: "Working with a DB instance in a
VPC", Amazon RDS User Guide, https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
"""

from collections.abc import Mapping

from compiler.model.template_set import TemplateSet
from deployer.stacks.replacement_guard import nested_files
from deployer.stacks.template_diff import resources
from spec.errors import Refusal

_VPC_OF: Mapping[str, str] = {"AWS::EC2::SecurityGroup": "VpcId", "AWS::EC2::VPC": "CidrBlock"}
"""The properties of which another value means another VPC, by their types."""
_SUBNET = "AWS::EC2::Subnet"


class NetworkChangeRefusal(Refusal):
    """A deployed environment would move into another VPC, or out of an availability zone."""


def refuse_another_vpc(name: str, deployed: Mapping[str, str], templates: TemplateSet) -> None:
    """Refuse templates with another VPC than the deployed one, or without subnets in one of its zones.

    `deployed` are the templates of the nested stacks that differ, by logical id. Raises `NetworkChangeRefusal`.
    """
    files = nested_files(templates)
    for stack, text in deployed.items():
        held, wanted = _vpcs(text), _vpcs(files.get(stack, "{}"))
        if held and wanted and held != wanted:
            raise NetworkChangeRefusal(
                f"{name} cannot move into another VPC; nothing was changed.",
                why="A database and security groups stay in the VPC in which they were created.",
                next_step="Undo the change of network.mode, network.vpc or network.cidr, or deploy under another "
                "name and bring the data over.",
            )
        if 0 < _zones(files.get(stack, "{}")) < _zones(text):
            raise NetworkChangeRefusal(
                f"{name} cannot leave an availability zone; nothing was changed.",
                why="A database may stand there, and RDS keeps the subnets in which an instance stands.",
                next_step="Set network.zones to 3 again.",
            )


def _vpcs(template: str) -> set[str]:
    """Return the VPCs of the security groups of a template as it writes them, and the block of its own one."""
    found = (one for one in resources(template).values() if one.get("Type") in _VPC_OF)
    return {str(one.get("Properties", {}).get(_VPC_OF[str(one["Type"])])) for one in found}


def _zones(template: str) -> int:
    """Return in how many zones the subnets of a template stand."""
    subnets = (one for one in resources(template).values() if one.get("Type") == _SUBNET)
    return len({str(subnet.get("Properties", {}).get("AvailabilityZone")) for subnet in subnets})
