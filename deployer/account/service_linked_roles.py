"""The roles that services of AWS assume in an account: a new account lacks them, and some services fail without.

Sources: https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/818; "Using service-linked roles"
in the guides of Amazon ECS, Amazon RDS, Elastic Load Balancing, Amazon EFS and AWS Backup.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from compiler.model.template_set import TemplateSet
from deployer.aws.session import Session
from deployer.stacks.template_diff import resources

_ARRIVAL_SECONDS = 60.0


@dataclass(frozen=True, order=True)
class ServiceLinkedRole:
    """The role that one service assumes."""

    service: str
    name: str


ROLES: Mapping[str, ServiceLinkedRole] = MappingProxyType(
    {
        "AWS::Backup::BackupSelection": ServiceLinkedRole("backup.amazonaws.com", "AWSServiceRoleForBackup"),
        "AWS::ECS::Cluster": ServiceLinkedRole("ecs.amazonaws.com", "AWSServiceRoleForECS"),
        "AWS::EFS::FileSystem": ServiceLinkedRole(
            "elasticfilesystem.amazonaws.com", "AWSServiceRoleForAmazonElasticFileSystem"
        ),
        "AWS::ElasticLoadBalancingV2::LoadBalancer": ServiceLinkedRole(
            "elasticloadbalancing.amazonaws.com", "AWSServiceRoleForElasticLoadBalancing"
        ),
        "AWS::RDS::DBInstance": ServiceLinkedRole("rds.amazonaws.com", "AWSServiceRoleForRDS"),
    }
)
"""The resource types whose service assumes a role, each with that role."""


def missing_roles(session: Session, templates: TemplateSet) -> tuple[ServiceLinkedRole, ...]:
    """Return the roles that the account lacks for the resources of some templates."""
    return tuple(role for role in _needed(templates) if not session.iam.has_role(role.name))


def create_roles(session: Session, roles: Iterable[ServiceLinkedRole]) -> None:
    """Create roles, and wait until IAM shows all; one that somebody else made meanwhile is no error.

    Until a role has arrived everywhere, no service can assume it.
    """
    unseen = list(roles)
    for role in unseen:
        session.iam.create_service_linked_role(role.service)

    def look() -> bool | None:
        unseen[:] = [role for role in unseen if not session.iam.has_role(role.name)]
        return None if unseen else True

    session.clock.until(look, limit=_ARRIVAL_SECONDS)


def _needed(templates: TemplateSet) -> list[ServiceLinkedRole]:
    every = (resource for text in templates.files.values() for resource in resources(text).values())
    types = {str(resource.get("Type")) for resource in every}
    return sorted({ROLES[type_] for type_ in types & ROLES.keys()})
