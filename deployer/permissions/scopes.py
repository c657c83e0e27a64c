"""Limits each action to resources of one environment or network: by their names if they have some, else by tags."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from deployer.account.service_linked_roles import ROLES
from deployer.permissions.reference import Action, actions
from deployer.permissions.resource_names import BACKUPS, WRITTEN, named_arns, record_names, resource_types
from deployer.permissions.scope import ANY, Conditions, Scope
from deployer.permissions.subject import Subject
from spec.aws_facts.regions import partition_of

TAGGED = frozenset({"acm", "backup", "ec2", "elasticfilesystem", "elasticloadbalancing", "servicediscovery"})
"""Services whose resources have ids: only tags tell whose they are. CloudFormation tags what it creates, at once."""

MAKES: Mapping[str, str] = MappingProxyType(
    {
        "backup:CreateBackupPlan": "backup-plan:*",
        "backup:CreateBackupVault": "backup-vault:*",
        "ec2:AllocateAddress": "elastic-ip/*",
        "ec2:CreateInternetGateway": "internet-gateway/*",
        "ec2:CreateNatGateway": "natgateway/*",
        "ec2:CreateNetworkInterface": "network-interface/*",
        "ec2:CreateRouteTable": "route-table/*",
        "ec2:CreateSecurityGroup": "security-group/*",
        "ec2:CreateSubnet": "subnet/*",
        "ec2:CreateVpc": "vpc/*",
        "ec2:CreateVpcEndpoint": "vpc-endpoint/*",
        "elasticloadbalancing:CreateLoadBalancer": "loadbalancer/app/*",
        "elasticloadbalancing:CreateTargetGroup": "targetgroup/*",
        "servicediscovery:CreateService": "service/*",
    }
)
"""What an action makes: it bears no tag before. The other resources of the same call do."""

BARE = frozenset({"ec2:DeleteNetworkInterface", "ec2:ModifyNetworkInterfaceAttribute"})
"""Actions on the interfaces of mount targets, which bear no tag and have no other key to tell them by."""

PASSED_TO = ("ecs-tasks.amazonaws.com", "scheduler.amazonaws.com")
GIVEN_BY = MappingProxyType({"MonitoringRoleArn": "monitoring.rds.amazonaws.com", "IamRoleArn": "backup.amazonaws.com"})
"""The properties by which few environments give a role to a service, and the service that takes it."""
BOUND = "iam:PutRolePermissionsBoundary"
ATTACH = "iam:AttachRolePolicy"
BOUNDED = frozenset({ATTACH, BOUND, "iam:CreateRole", "iam:PutRolePolicy"})
"""Actions that could give a role more than the permissions boundary of the YAML allows, if it had none."""

USES_KEY = frozenset(
    {
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:GetKeyPolicy",
        "kms:RetireGrant",
    }
)
"""What services do with a key for whoever asks them; a deploy changes no key that is not the environment's."""

OF_AWS = frozenset({"rds:og", "ssm:document", "ssm:task"})
"""Types of resources that nobody tags here."""

NEW_SECRETS = frozenset({"secretsmanager:CreateSecret", "secretsmanager:TagResource"})
"""Actions on secrets that bear no tag yet."""

LOOKS_AT_SECRET = "secretsmanager:DescribeSecret"  # noqa: S105  an action
"""What a deploy asks of secrets that others may have made."""

READS_SECRET = "secretsmanager:GetSecretValue"  # noqa: S105  an action
"""What CloudFormation does for a reference in a template, with the rights of whoever deploys."""

WRITES_OBJECTS = "s3:PutObject"
"""What nobody does below the name of another environment, in the bucket that all share."""

RESTORES = "rds:RestoreDBInstanceToPointInTime"
RESTORED = ("rds:db", "rds:og", "rds:pg", "rds:subgrp", BACKUPS)
"""What makes an instance of backups, and what that is about: nobody tags or lists backups here."""

ADDS_RULES = "elasticloadbalancing:CreateRule"
"""What an environment does to the listener of a load balancer that others share: it adds rules of its own to it."""

CHANGES_RECORDS = "route53:ChangeResourceRecordSets"
RECORD_NAMES = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
"""What tells the records of an environment from others in the same hosted zone. Source:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html"""

KEEPS_SECRETS = NEW_SECRETS | {
    LOOKS_AT_SECRET,
    "secretsmanager:DeleteSecret",
    "secretsmanager:PutSecretValue",
    "secretsmanager:RestoreSecret",
}
"""What `windsock secrets` does with those that people set; it reads none."""

LISTS_ALL = frozenset({"cloudformation:DescribeStacks"})
"""Actions that the deployer also calls without a name."""


@dataclass(frozen=True, kw_only=True)
class Scopes:
    """The scopes of one environment or network."""

    subject: Subject
    named: Mapping[str, tuple[str, ...]]
    records: tuple[str, ...]
    """Patterns for the names of its DNS records."""
    linked: tuple[str, ...]
    """The services that have a role in the account."""
    passed_to: tuple[str, ...]
    """The services that get a role of the environment."""

    @classmethod
    def of(cls, subject: Subject) -> "Scopes":
        """Return the scopes of what the templates of a subject make."""
        services = sorted(ROLES[type_].service for type_ in resource_types(subject.templates) & ROLES.keys())
        text = "".join(subject.templates.files.values())
        return cls(
            subject=subject,
            named=named_arns(subject),
            records=record_names(subject),
            linked=tuple(services),
            passed_to=(*PASSED_TO, *(service for property_, service in GIVEN_BY.items() if f"{property_}:" in text)),
        )

    def of_action(self, name: str) -> tuple[Scope, ...]:
        """Return where an action has to be allowed."""
        action, service = actions()[name], name.partition(":")[0]
        if service == "iam":
            return tuple(self._of_roles(name))
        if service == "kms":
            return tuple(self._of_keys(name, action))
        if service in TAGGED:
            return self._by_tag(name, service, action)
        if "secretsmanager:Secret" in action.types:
            return self._of_secrets(name, action)
        return (self._below_own_name.get(name) or self._by_name(name, service, action),)

    @property
    def _below_own_name(self) -> Mapping[str, Scope]:
        """The scopes of actions in what environments share: a name tells their parts apart."""
        records = {"ForAllValues:StringLike": {RECORD_NAMES: list(self.records)}}
        return {
            CHANGES_RECORDS: Scope("OwnRecords", self.named["route53:hostedzone"], records),
            WRITES_OBJECTS: Scope("S3OwnObjects", self.named[WRITTEN]),
            RESTORES: Scope("RestoreBackups", tuple(arn for type_ in RESTORED for arn in self.named[type_])),
        }

    def _of_keys(self, name: str, action: Action) -> Iterator[Scope]:
        """Yield the keys: those of the YAML by their ARNs, and the environment's own by its tag, once it is there."""
        if name == "kms:CreateKey":
            yield Scope("Make")
            return
        if given := self.subject.keys if name in USES_KEY else ():
            yield Scope("UseKeys", given)
        if self.subject.makes_key:
            keys = (f"{self._here('kms')}:key/*",)
            yield Scope("OwnKeys", keys, self._tagged())
            if action.level == "Tagging" and name == "kms:TagResource":
                yield Scope("TagKeys", keys, self._tagging())

    def _of_secrets(self, name: str, action: Action) -> tuple[Scope, ...]:
        """Return the secrets by their names: the first deploy looks for one that does not exist, and bears no tag.

        A name that CloudFormation has made says too little, so that the tag must fit as well. What people set lies
        below the prefix of the environment; only its value is not for everybody who deploys.
        """
        arns = self.named["secretsmanager:Secret"]
        generated = tuple(arn for arn in arns if ":secret:*" in arn)
        given = [arn for arn in arns if arn not in generated]
        if name in KEEPS_SECRETS:
            given += self.subject.kept_secrets
        if name == READS_SECRET:
            given += self.subject.read_secrets
        if name == LOOKS_AT_SECRET:
            given += self.subject.seen_secrets
        own = self._by_name(name, "secretsmanager", action) if name in NEW_SECRETS else None
        own = own or Scope("OwnSecrets", generated, self._tagged())
        return (own, Scope("NamedSecrets", tuple(given))) if given else (own,)

    def _of_roles(self, name: str) -> Iterator[Scope]:
        roles, boundary, attached = self.named["iam:role"], self.subject.aws.permissions_boundary, self.subject.policies
        bounded = {"StringEquals": {"iam:PermissionsBoundary": boundary}} if boundary else {}
        if not roles and name not in self._of_services:
            return
        if name == "iam:PassRole":
            yield Scope("PassRoles", roles[:1], {"StringEquals": {"iam:PassedToService": list(self.passed_to)}})
        elif name in self._of_services:
            yield from self._of_services[name]
        elif name == "iam:ListRoles":
            yield Scope("Look")  # IAM knows no narrower resource for it
        elif name == ATTACH:
            if attached:
                yield Scope("AttachPolicies", roles[:1], {**bounded, "ArnEquals": {"iam:PolicyARN": list(attached)}})
        elif name in BOUNDED and boundary:
            yield Scope("BoundRoles", roles, bounded)
        elif name != BOUND:
            yield Scope("Roles", roles)

    @property
    def _of_services(self) -> Mapping[str, tuple[Scope, ...]]:
        """The scopes of actions on roles of services: until such a role exists, its ARN has no path."""
        owner = f"arn:{self._partition}:iam::{self.subject.aws.account}:role"
        there, absent = f"{owner}/aws-service-role/*", f"{owner}/AWSServiceRoleFor*"
        linked = {"StringEquals": {"iam:AWSServiceName": list(self.linked)}}
        seen = (*self.named["iam:role"], there, absent)
        return {
            "iam:CreateServiceLinkedRole": (Scope("LinkServices", (there,), linked),) if self.linked else (),
            "iam:GetRole": (Scope("LookAtRoles", seen),) if self.linked else (),
        }

    def _by_tag(self, name: str, service: str, action: Action) -> tuple[Scope, ...]:
        here, lent = self._here(service), self.subject.lent.get(service, ())
        if action.level in {"List", "Read"} or not action.types:
            return (Scope("Look" if action.level in {"List", "Read"} else "Make"),)
        own = Scope(f"Own{service.capitalize()}", (f"{here}:*",), self._tagged())
        if name in BARE:
            return (Scope("Interfaces", (f"{here}:network-interface/*",)),)
        if action.level == "Tagging":
            return (own, *self._tag_new(name, service, here))
        if name not in MAKES:
            return (own, *(lent if name == ADDS_RULES else ()))
        new = tuple(f"{here}:{made}" for maker, made in MAKES.items() if maker.startswith(f"{service}:"))
        made = Scope(f"Make{service.capitalize()}", new)
        return (made, own, *lent) if len(action.types) > 1 else (made,)

    def _tag_new(self, name: str, service: str, here: str) -> tuple[Scope, ...]:
        """Return where new resources are tagged: in the call that makes them, or with this environment's name."""
        if name.endswith(("DeleteTags", "RemoveTags", "UntagResource", "RemoveTagsFromCertificate")):
            return ()
        new: Conditions = {"StringLike": {f"{service}:CreateAction": ANY}}
        if service in {"acm", "backup"}:  # these do not tell in which call they tag what is new
            new = self._tagging()
        return (Scope(f"Tag{service.capitalize()}", (f"{here}:*",), new),)

    def _by_name(self, name: str, service: str, action: Action) -> Scope:
        types = [type_ for type_ in action.types if type_ in self.named and not ("Tag" in name and type_ in OF_AWS)]
        arns = tuple(arn for type_ in types for arn in self.named[type_])
        if not arns or name in LISTS_ALL or (service == "rds" and action.level == "List"):
            return Scope("Look" if action.level in {"List", "Read"} else "Make")
        return Scope("".join([service.capitalize(), *map(_word, types)]), arns)

    def _tagged(self) -> Conditions:
        return {self._equals: {f"aws:ResourceTag/{self.subject.tag}": self.subject.name}}

    def _tagging(self) -> Conditions:
        return {self._equals: {f"aws:RequestTag/{self.subject.tag}": self.subject.name}}

    def _here(self, service: str) -> str:
        return f"arn:{self._partition}:{service}:{self.subject.aws.region}:{self.subject.aws.account}"

    @property
    def _partition(self) -> str:
        return partition_of(self.subject.aws.region)

    @property
    def _equals(self) -> str:
        """What compares names: that of all branches of an environment ends with a star."""
        return "StringLike" if ANY in self.subject.name else "StringEquals"


def _word(type_: str) -> str:
    return "".join(part.capitalize() for part in type_.partition(":")[2].split("-"))
