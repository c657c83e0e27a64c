"""Refuses to move a deployed environment into another VPC, from the templates alone.

RDS keeps an instance in its VPC, and security groups cannot leave theirs. Source: "Working with a DB instance in a
VPC", Amazon RDS User Guide, https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
"""

from collections.abc import Mapping

from compiler.model.template_set import TemplateSet
from deployer.stacks.replacement_guard import nested_files
from deployer.stacks.template_diff import resources
from spec.errors import Refusal

_TYPE = "AWS::EC2::SecurityGroup"


class NetworkChangeRefusal(Refusal):
    """The security groups of a deployed environment would move into another VPC."""


def refuse_another_vpc(name: str, deployed: Mapping[str, str], templates: TemplateSet) -> None:
    """Refuse templates whose security groups are in another VPC than those that are deployed.

    `deployed` are the templates of the nested stacks that differ, by logical id. Raises `NetworkChangeRefusal`.
    """
    files = nested_files(templates)
    for stack, text in deployed.items():
        held, wanted = _vpcs(text), _vpcs(files.get(stack, "{}"))
        if held and wanted and held != wanted:
            raise NetworkChangeRefusal(
                f"{name} cannot move into another VPC; nothing was changed.",
                why="A database and security groups stay in the VPC in which they were created.",
                next_step="Undo the change of network.mode or network.vpc, or deploy under another name and bring the "
                "data over.",
            )


def _vpcs(template: str) -> set[str]:
    """Return the VPCs of the security groups of a template, each as the template writes it."""
    groups = (one for one in resources(template).values() if one.get("Type") == _TYPE)
    return {str(group.get("Properties", {}).get("VpcId")) for group in groups}
