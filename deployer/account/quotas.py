"""The quotas that a first deploy needs room under: what is short is said before anything is created.

Source of names, codes and defaults: "AWS service endpoints and quotas", AWS General Reference,
https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from compiler.model.asked_counts import asked_counts
from compiler.model.template_set import ROOT, TemplateSet
from compiler.model.yaml_reader import read_template
from deployer.account.processors import needed_processors
from deployer.aws.inventory import Kind
from deployer.aws.session import Session
from deployer.stacks.template_diff import Resources, resources
from spec.errors import Refusal

_LINK = "https://{region}.console.aws.amazon.com/servicequotas/home/services/{service}/quotas/{code}"


@dataclass(frozen=True, kw_only=True)
class Quota:
    """One quota: its names in Service Quotas, and the resources of templates and of the account that it counts."""

    service: str
    code: str
    name: str
    type: str
    kind: Kind


@dataclass(frozen=True, kw_only=True)
class Shortage:
    """One quota that leaves too little room."""

    name: str
    value: float
    used: float
    needed: float
    link: str

    def __str__(self) -> str:
        return (
            f"{self.name}: the quota is {self.value:g}, {self.used:g} in use, {self.needed:g} more needed: {self.link}"
        )


class QuotaRefusal(Refusal):
    """The account has no room for the environment."""

    def __init__(self, name: str, found: tuple[Shortage, ...]) -> None:
        super().__init__(
            f"The account has no room for {name}; nothing was created.",
            why="\n".join(map(str, found)),
            next_step="Ask for more under the link, or take down what `windsock list` names and nobody needs.",
        )


QUOTAS = (
    Quota(
        service="vpc",
        code="L-F678F1CE",
        name="VPCs per Region",
        type="AWS::EC2::VPC",
        kind=Kind(label="VPC", service="ec2", operation="describe_vpcs", items="Vpcs", name="VpcId"),
    ),
    Quota(
        service="vpc",
        code="L-A4707A72",
        name="Internet gateways per Region",
        type="AWS::EC2::InternetGateway",
        kind=Kind(
            label="internet gateway",
            service="ec2",
            operation="describe_internet_gateways",
            items="InternetGateways",
            name="InternetGatewayId",
        ),
    ),
    Quota(
        service="ec2",
        code="L-0263D0A3",
        name="EC2-VPC Elastic IPs",
        type="AWS::EC2::EIP",
        kind=Kind(
            label="address", service="ec2", operation="describe_addresses", items="Addresses", name="AllocationId"
        ),
    ),
    Quota(
        service="elasticloadbalancing",
        code="L-53DA6B97",
        name="Application Load Balancers per Region",
        type="AWS::ElasticLoadBalancingV2::LoadBalancer",
        kind=Kind(
            label="load balancer",
            service="elbv2",
            operation="describe_load_balancers",
            items="LoadBalancers",
            name="LoadBalancerName",
        ),
    ),
    Quota(
        service="rds",
        code="L-7B6409FD",
        name="DB instances",
        type="AWS::RDS::DBInstance",
        kind=Kind(
            label="database",
            service="rds",
            operation="describe_db_instances",
            items="DBInstances",
            name="DBInstanceIdentifier",
        ),
    ),
    Quota(
        service="elasticfilesystem",
        code="L-848C634D",
        name="File systems per account",
        type="AWS::EFS::FileSystem",
        kind=Kind(
            label="file system",
            service="efs",
            operation="describe_file_systems",
            items="FileSystems",
            name="FileSystemId",
        ),
    ),
)
_PROCESSORS = {
    False: ("L-3032A538", "Fargate On-Demand vCPU resource count"),
    True: ("L-36FBB829", "Fargate Spot vCPU resource count"),
}
"""Code and name of the quota of vCPUs, on demand and on Spot."""


def shortages(session: Session, templates: TemplateSet) -> tuple[Shortage, ...]:
    """Return the quotas that leave too little room for a first deploy of some templates."""
    nested = tuple(resources(templates.files[f"{name}.yaml"]) for name in templates.nested)
    root = read_template(templates.files[ROOT])
    return (*_of_resources(session, (root["Resources"], *nested)), *_of_processors(session, nested, asked_counts(root)))


def _of_resources(session: Session, nested: tuple[Resources, ...]) -> Iterator[Shortage]:
    types = [str(resource.get("Type")) for stack in nested for resource in stack.values()]
    for quota in QUOTAS:
        needed = types.count(quota.type)
        value = session.quotas.value(quota.service, quota.code) if needed else None
        if value is None:
            continue
        used = session.quotas.used(quota.kind)
        if used + needed > value:
            link = _LINK.format(region=session.region, service=quota.service, code=quota.code)
            yield Shortage(name=quota.name, value=value, used=used, needed=needed, link=link)


def _of_processors(session: Session, nested: tuple[Resources, ...], counts: Mapping[str, int]) -> Iterator[Shortage]:
    """Yield what a deploy of the environment needs at its peak more than the account has for all its tasks.

    What other tasks use is in no listing that a deploy could read at once.
    """
    for spot, (code, name) in _PROCESSORS.items():
        needed = needed_processors(nested, counts, spot=spot)
        value = session.quotas.value("fargate", code) if needed else None
        if value is not None and needed > value:
            link = _LINK.format(region=session.region, service="fargate", code=code)
            yield Shortage(name=name, value=value, used=0, needed=needed, link=link)
