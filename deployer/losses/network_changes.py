"""Refuses what a deployed environment cannot change of its network, from the templates alone.

RDS keeps an instance in its VPC, and security groups cannot leave theirs. Source: "Working with a DB instance in a
VPC", Amazon RDS User Guide, https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html

Another scheme, or that of a network, is another load balancer, which CloudFormation makes before it deletes the former.
Elastic Load Balancing then refuses the rule that forwards to the same targets: a target group belongs to one load
balancer. Source:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
"""

from collections.abc import Mapping

from compiler.model.template_set import ROOT, TemplateSet
from deployer.losses.moved_rules import refuse_moved_rules
from deployer.stacks.replacement_guard import nested_files
from deployer.stacks.template_diff import Resources, imports_of, resources
from spec.errors import Refusal

_VPC, _GROUP = "AWS::EC2::VPC", "AWS::EC2::SecurityGroup"
_VPC_OF: Mapping[str, str] = {_GROUP: "VpcId", _VPC: "CidrBlock"}
"""The properties of which another value means another VPC, by their types."""
_SUBNET = "AWS::EC2::Subnet"
_STACK, _PASSED = "AWS::CloudFormation::Stack", "Vpc"
"""The root passes the VPC of a network that environments share to nested stacks, by this parameter."""
_BALANCER, _TARGETS = (f"AWS::ElasticLoadBalancingV2::{one}" for one in ("LoadBalancer", "TargetGroup"))
_OTHERS = "shared"
"""What stands for the scheme of a load balancer that is not in the template, for targets that are."""


class NetworkChangeRefusal(Refusal):
    """A deployed environment would move into another VPC, leave a zone, or turn its load balancer."""


def refuse_network_changes(name: str, deployed: Mapping[str, str], templates: TemplateSet) -> None:
    """Refuse templates with another VPC or load balancer, without subnets in a deployed zone, or with moved rules.

    `deployed` are the root, by an empty name, and the nested stacks that differ, by their logical ids; a template is
    empty where there is none. Raises `NetworkChangeRefusal` and `MovedRulesRefusal`.
    """
    files = {"": templates.files[ROOT], **nested_files(templates)}
    for stack, text in deployed.items():
        before, after = (resources(one or "{}") for one in (text, files.get(stack, "")))
        _refuse_another_vpc(name, before, after)
        _refuse_fewer_zones(name, before, after)
        _refuse_another_balancer(name, before, after)
    refuse_moved_rules(name, {stack: text for stack, text in deployed.items() if stack}, templates)


def _refuse_another_vpc(name: str, deployed: Resources, wanted: Resources) -> None:
    held, other = _vpcs(deployed), _vpcs(wanted)
    if held and other and held != other:
        raise NetworkChangeRefusal(
            f"{name} cannot move into another VPC; nothing was changed.",
            why="A database and security groups stay in the VPC in which they were created.",
            next_step="Undo the change of network.mode, network.vpc, network.file or network.cidr, or deploy another "
            "environment beside it, whose database.restore_from begins with a snapshot or a dump of this one.",
        )


def _refuse_fewer_zones(name: str, deployed: Resources, wanted: Resources) -> None:
    if 0 < _zones(wanted) < _zones(deployed):
        raise NetworkChangeRefusal(
            f"{name} cannot leave an availability zone; nothing was changed.",
            why="A database may stand there, and RDS keeps the subnets in which an instance stands.",
            next_step="Set network.zones to 3 again.",
        )


def _refuse_another_balancer(name: str, deployed: Resources, wanted: Resources) -> None:
    held, other = _balancer(deployed), _balancer(wanted)
    if held and other and held != other:
        raise NetworkChangeRefusal(
            f"{name} keeps its load balancer, and the scheme of it; nothing was changed.",
            why="Another scheme is another load balancer, and web servers cannot belong to two at a time.",
            next_step="Undo the change of web.scheme or web.load_balancer, or deploy web.load_balancer: none first and "
            "the other one afterwards. In between, windsock open is the only way to the web server.",
        )


def _vpcs(found: Resources) -> set[str]:
    """Return the VPCs of security groups as a template writes them, the block of its own one, and what it imports.

    Where the template has the VPC, its block tells alone.
    """
    types = {one.get("Type") for one in found.values()}
    own = (one for one in found.values() if one.get("Type") == (_VPC if _VPC in types else _GROUP))
    passed = (one["Properties"].get("Parameters", {}) for one in found.values() if one.get("Type") == _STACK)
    imported = frozenset[str]().union(*(imports_of(one.get(_PASSED)) for one in passed))
    return {*imported, *(str(one.get("Properties", {}).get(_VPC_OF[str(one["Type"])])) for one in own)}


def _zones(found: Resources) -> int:
    """Return in how many zones the subnets of a template stand."""
    subnets = (one for one in found.values() if one.get("Type") == _SUBNET)
    return len({str(subnet.get("Properties", {}).get("AvailabilityZone")) for subnet in subnets})


def _balancer(found: Resources) -> str:
    """Return the scheme of the load balancer in front of the targets of a template; empty where it has none."""
    schemes = [str(one["Properties"].get("Scheme")) for one in found.values() if one.get("Type") == _BALANCER]
    targets = any(one.get("Type") == _TARGETS for one in found.values())
    return next(iter(schemes), _OTHERS) if targets else ""
