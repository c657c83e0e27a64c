"""What CloudFormation's handler of a resource type requires, with the rights of whoever works on the stack.

Sources: `handlers.*.permissions` of the CloudFormation registry schemas, as bundled with cfn-lint, in
`handler_permissions.json`; "AWS CloudFormation service role", AWS CloudFormation User Guide. The registry names what a
handler may ever call: it calls what works on the type itself, and on what its properties ask for.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from rehearsal.emulator.iam import key_use, reference
from rehearsal.emulator.iam.api_call import ApiCall
from rehearsal.emulator.iam.passed_roles import SERVICES
from rehearsal.emulator.iam.requirements import Requirement, State, request_tags, tag_keys
from rehearsal.emulator.iam.resources import ANY, IDENTIFIERS, arns_of
from rehearsal.emulator.rules import record_keys

FILE = "handler_permissions.json"
PASS_ROLE = "iam:PassRole"  # noqa: S105  no password
LOOKS_AT_ROLE, ROLE = "iam:GetRole", "AWS::IAM::Role"
ALWAYS, NEVER = key_use.ALWAYS, "(never)"
TAGS = "Tags"
PARAMETERS = "Parameters"
"""Of a nested stack: a role among them is told, not passed."""

DECIDED_BY: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("amplify:*", "apigateway:*", "apprunner:*", "appsync:*", "cognito-idp:*"), NEVER),
        "acm-pca:*": "CertificateAuthorityArn",
        "bedrock-agentcore:*": NEVER,
        "ec2:AllocateAddress": ALWAYS,
        "ec2:AssociateAddress": "InstanceId",
        "ec2:AssociateSubnetCidrBlock": "Ipv6CidrBlock",
        "ec2:DisassociateAddress": "InstanceId",
        "ec2:DisassociateSubnetCidrBlock": "Ipv6CidrBlock",
        "ec2:ModifySubnetAttribute": "MapPublicIpOnLaunch",
        "ec2:ModifyVpcAttribute": "EnableDnsHostnames",
        "ec2:ReleaseAddress": ALWAYS,
        "ec2:ReplaceRouteTableAssociation": NEVER,
        "ec2:UpdateSecurityGroupRuleDescriptionsEgress": "Description",
        "ec2:UpdateSecurityGroupRuleDescriptionsIngress": "Description",
        "ecs:StopServiceDeployment": NEVER,
        "elasticfilesystem:DeleteFileSystemPolicy": NEVER,
        "elasticloadbalancing:DeregisterTargets": "Targets",
        "elasticloadbalancing:RegisterTargets": "Targets",
        "iam:CreateServiceLinkedRole": NEVER,
        "iam:DeleteRolePermissionsBoundary": NEVER,
        "iam:PutRolePolicy": "Policies",
        "iam:UpdateAssumeRolePolicy": "AssumeRolePolicyDocument",
        **key_use.DECIDED_BY,
        "logs:PutRetentionPolicy": "RetentionInDays",
        "rds:RestoreDBInstanceFromDBSnapshot": "DBSnapshotIdentifier",
        "rds:RestoreDBInstanceToPointInTime": "RestoreTime",
        "route53:ChangeResourceRecordSets": "AliasTarget ResourceRecords DomainValidationOptions",
        "route53:GetChange": ALWAYS,
        "s3:DeleteObject": NEVER,
        "s3:PutBucketAcl": "AccessControl",
        "secretsmanager:GetRandomPassword": "GenerateSecretString",
        "servicediscovery:GetOperation": ALWAYS,
    }
)
"""The properties that decide whether a handler calls an action, or any of a service, whose name does not say it.
An update calls it for a property that changes."""

ATTACH, DETACH = "iam:AttachRolePolicy", "iam:DetachRolePolicy"
MANAGED = "ManagedPolicyArns"

BESIDES: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {
        ("AWS::EFS::MountTarget", "create"): ("ec2:CreateNetworkInterface",),
        ("AWS::EFS::MountTarget", "delete"): ("ec2:DeleteNetworkInterface",),
        **key_use.BESIDES,
        ("AWS::ServiceDiscovery::PrivateDnsNamespace", "create"): ("route53:CreateHostedZone",),
        ("AWS::ServiceDiscovery::PrivateDnsNamespace", "delete"): ("route53:DeleteHostedZone",),
    }
)
"""What the service itself asks of the caller. Sources: CreateMountTarget and DeleteMountTarget, Amazon EFS API
reference; "Identity and access management in AWS Cloud Map", AWS Cloud Map Developer Guide."""

_VERB = re.compile(r"^[A-Z][a-z]+")
_TAGGING = re.compile(r"[Tt]ag(s|ging)?((For|From|To)?(Resource|Certificate))?$")
_UNTAGGING = re.compile(r"^(Untag|Remove|Delete)\w*")


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a handler does with one resource."""

    kind: str
    """The resource type."""
    handler: str
    """`create`, `update` or `delete`."""
    properties: Mapping[str, Any]
    physical_id: str
    """Of a resource that is to be created: the name that it will have, with `*` for what nobody knows yet."""
    region: str
    account: str
    before: Mapping[str, Any] = field(default_factory=dict)
    """The properties before an update."""


class UnknownTypeError(Exception):
    """The table has no such resource type."""


def of_work(work: Work, state: State) -> Iterator[Requirement]:
    """Yield what a handler requires.

    Raises:
        UnknownTypeError: the table does not have the type.
    """
    named = _table().get(work.kind)
    if named is None:
        raise UnknownTypeError(work.kind)
    besides = BESIDES.get((work.kind, work.handler), ())
    for action in (*named.get(work.handler, ()), *besides):
        if action == PASS_ROLE:
            yield from _passed_roles(work)
        elif action in {ATTACH, DETACH}:
            yield from _managed_policies(action, work, state)
        elif key_use.is_use(action, work.kind):
            arns = key_use.new_arns(work.before, {} if work.handler == "delete" else work.properties)
            yield from key_use.of_resource(action, arns, _service(work), _keys(action, work), state)
        elif action in besides or _is_called(action, work):
            yield from _requirements(action, work, state)


def _managed_policies(action: str, work: Work, state: State) -> Iterator[Requirement]:
    """Yield what each policy requires that a role gets or loses: a call of its own, with the policy as a key.

    Source: `iam:PolicyARN`, "Actions, resources, and condition keys for AWS Identity and Access Management".
    """
    before, after = frozenset(work.before.get(MANAGED) or ()), frozenset(work.properties.get(MANAGED) or ())
    if work.handler == "delete":
        before, after = after, frozenset()
    for arn in sorted(after - before if action == ATTACH else before - after):
        for requirement in _requirements(action, work, state):
            yield replace(requirement, keys={**requirement.keys, "iam:policyarn": arn})


def _requirements(action: str, work: Work, state: State) -> Iterator[Requirement]:
    """Yield an action on each resource that it concerns; none for what IAM does not have, as the registry does."""
    described = reference.find(action)
    if described is None:
        return
    call = ApiCall(action=action, parameters=_parameters(action, work), region=work.region, account=work.account)
    keys = _keys(action, work)
    for arn, kind in arns_of(call, described, state.names()):
        # What is created has its tags as soon as it is there, for whatever the handler calls after that.
        is_there = ANY not in arn or (work.handler == "create" and action.partition(":")[2] != _creation(work))
        has_tags = kind is not None and kind.takes_tags and is_there
        # What it names besides, such as the VPC of a security group, has tags of its own.
        given = _tags(work.before or work.properties) if ANY in arn or work.physical_id in arn else {}
        own = tag_keys({**given, **state.tags(arn)}) if has_tags else {}
        yield Requirement(action=described.name, resource=arn, keys={**own, **keys})


def _keys(action: str, work: Work) -> dict[str, Any]:
    """Return the condition keys that CloudFormation and the properties give."""
    keys: dict[str, Any] = {"aws:calledvia": ["cloudformation.amazonaws.com"], "aws:securetransport": "true"}
    tags = _tags(work.properties)
    if work.handler != "delete" and tags:
        keys |= {f"aws:requesttag/{name}".lower(): value for name, value in tags.items()}
        keys["aws:tagkeys"] = list(tags)
    if work.handler == "create" and _TAGGING.search(action):
        keys[f"{action.partition(':')[0]}:createaction"] = _creation(work)
    if action == record_keys.ACTION:
        keys |= record_keys.of_handler(work.kind, work.handler, work.properties)
    if work.kind.startswith("AWS::ECS::") and (cluster := work.properties.get("Cluster")):
        name = str(cluster).rpartition("/")[2]
        keys["ecs:cluster"] = f"arn:aws:ecs:{work.region}:{work.account}:cluster/{name}"
    if boundary := work.properties.get("PermissionsBoundary"):
        keys["iam:permissionsboundary"] = boundary
    return keys


def _creation(work: Work) -> str:
    """Return the operation that creates a resource, which tags it too."""
    named = [action.partition(":")[2] for action in _table()[work.kind].get("create", ())]
    made = (name for name in named if name.startswith(("Allocate", "Create", "Register")) and not _TAGGING.search(name))
    return next(made, "")


def _is_called(action: str, work: Work) -> bool:
    """Whether a handler calls an action that the registry names for it."""
    every = f"{action.partition(':')[0]}:*"
    if decider := DECIDED_BY.get(action) or DECIDED_BY.get(every):
        return decider == ALWAYS or any(_decides(name, work) for name in decider.split())
    operation = action.partition(":")[2]
    if work.handler == "delete" and (operation.startswith(("Tag", "Untag")) or _TAGGING.search(operation)):
        return False
    if _TAGGING.search(operation) and action.partition(":")[0] == _service(work):
        tags, before = _tags(work.properties), _tags(work.before)
        return bool(before.keys() - tags.keys()) if _UNTAGGING.match(operation) else bool(tags) and tags != before
    noun = _stem(_VERB.sub("", operation).removesuffix("Configuration"))
    type_name = _stem(work.kind.rpartition("::")[2])
    if noun in type_name:
        return True
    rest = noun.replace(type_name, "", 1)
    return any(rest in _stem(name) for name in _names(work.properties))


def _decides(name: str, work: Work) -> bool:
    """Whether a resource has a property or, in an update, gets it with another value."""
    return name in work.properties and (work.handler != "update" or work.properties[name] != work.before.get(name))


def _service(work: Work) -> str:
    """Return the prefix of most actions that create a type: that of its own service."""
    prefixes = [action.partition(":")[0] for action in _table()[work.kind].get("create", ())]
    return max(prefixes, key=prefixes.count, default="")


def _stem(name: str) -> str:
    """Return a name without what differs between one and many."""
    lower = name.lower()
    return lower.removesuffix("ies") if lower.endswith("ies") else lower.removesuffix("s").removesuffix("y")


def _names(properties: Any) -> Iterator[str]:
    """Yield the names of all properties, also of those within others."""
    if isinstance(properties, Mapping):
        for name, value in properties.items():
            yield name
            yield from _names(value) if not name.endswith(TAGS) else ()
    elif isinstance(properties, list):
        for value in properties:
            yield from _names(value)


def _parameters(action: str, work: Work) -> dict[str, Any]:
    """Return the properties as parameters of a call, with the resource itself under the name of its id."""
    simple = {name.lower(): value for name, value in work.properties.items() if isinstance(value, str | list)}
    own = IDENTIFIERS.get(work.kind, "own")
    if action == "secretsmanager:CreateSecret":
        own = "Name"
    if action == LOOKS_AT_ROLE and own != IDENTIFIERS[ROLE]:
        simple["rolename"] = next(_roles_in(work.properties), ANY).rpartition("/")[2]
    return {**simple, own.lower(): work.physical_id}


def _passed_roles(work: Work) -> Iterator[Requirement]:
    service = SERVICES.get(work.kind.split("::")[1].lower(), "")
    properties = {name: value for name, value in work.properties.items() if name != PARAMETERS}
    for arn in dict.fromkeys(_roles_in(properties)):
        yield Requirement(action=PASS_ROLE, resource=arn, keys={"iam:passedtoservice": service})


def _roles_in(properties: Mapping[str, Any]) -> Iterator[str]:
    return (arn for arn in key_use.arns_in(properties) if ":role/" in arn)


def _tags(properties: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags of a resource; types call the property differently."""
    given = next((value for name, value in properties.items() if name.endswith(TAGS)), None)
    if isinstance(given, Mapping):
        return {str(name): str(value) for name, value in given.items()}
    return request_tags(ApiCall(action="", parameters={"tags": given or []}, region="", account=""))


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    text = files(__package__).joinpath(FILE).read_text(encoding="utf-8")
    table: dict[str, dict[str, list[str]]] = json.loads(text)
    return table
