"""What a call requires: its action on each resource that it names, roles that it passes, tags that it sets."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from rehearsal.emulator.iam import reference
from rehearsal.emulator.iam.api_call import ApiCall
from rehearsal.emulator.iam.passed_roles import passed_by
from rehearsal.emulator.iam.resources import ANY, PARTITION, Names, arns_of
from rehearsal.emulator.rules import record_keys

Keys = Mapping[str, Any]
"""Condition keys in lower case, with their values."""

_FORM_TAG = re.compile(r"(?P<list>tags?(\.\w+)?\.\d+|tagspecification\.\d+\.tag\.\d+)\.(key|tagkey)")
_CREATES = re.compile(r"^(Create|Run|Register|Start)")


class State(Protocol):
    """What the emulator knows of the resources that calls name."""

    def names(self) -> Mapping[str, Names]:
        """Return what completes names, by the name of the variable in an ARN."""
        ...

    def tags(self, arn: str) -> Mapping[str, str]:
        """Return the tags of a resource."""
        ...

    def key_of(self, arn: str) -> str:
        """Return the ARN of the customer's key of a secret, bucket or object; empty for a key of AWS."""
        ...

    def roles_of_definition(self, definition: str) -> Mapping[str, str]:
        """Return the ARNs of the roles of a task definition, by the name of the parameter."""
        ...


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """An action that has to be allowed on a resource."""

    action: str
    resource: str = ANY
    keys: Keys = field(default_factory=dict)


class UnknownActionError(Exception):
    """The Service Authorization Reference has no such action."""


def of_call(call: ApiCall, state: State) -> Iterator[Requirement]:
    """Yield all that a call requires.

    Raises:
        UnknownActionError: the reference does not have the action.
    """
    action = reference.find(call.action)
    if action is None:
        raise UnknownActionError(call.action)
    keys = keys_of(call)
    for arn, kind in arns_of(call, action, state.names()):
        tags = tag_keys(state.tags(arn)) if kind and kind.takes_tags else {}
        yield Requirement(action=call.action, resource=arn, keys={**tags, **keys})
    yield from _passed_roles(call, state)
    yield from _tags_on_creation(call, keys)


def keys_of(call: ApiCall) -> dict[str, Any]:
    """Return the condition keys that a call itself gives."""
    keys: dict[str, Any] = {"aws:requestedregion": call.region, "aws:securetransport": "true"}
    if call.service == "ecs" and (cluster := call.values("cluster")):
        name = cluster[0].rpartition("/")[2]
        keys["ecs:cluster"] = f"arn:{PARTITION}:ecs:{call.region}:{call.account}:cluster/{name}"
    for name, parameter in GIVEN.items():
        if values := call.values(parameter):
            keys[name] = values[0]
    tags = request_tags(call)
    if tags:
        keys["aws:tagkeys"] = list(tags)
    keys |= {name: value for name, value in call.parameters.items() if name.startswith(record_keys.ACTION.lower())}
    return {**keys, **{f"aws:requesttag/{name}".lower(): value for name, value in tags.items()}}


GIVEN: Mapping[str, str] = MappingProxyType(
    {
        "cloudformation:changesetname": "ChangeSetName",
        "cloudformation:rolearn": "RoleARN",
        "iam:awsservicename": "AWSServiceName",
        "iam:permissionsboundary": "PermissionsBoundary",
        "iam:policyarn": "PolicyArn",
        "s3:delimiter": "delimiter",
        "s3:if-match": "if-match",
        "s3:if-none-match": "if-none-match",
        "s3:prefix": "prefix",
        "secretsmanager:versionstage": "VersionStage",
    }
)
"""Condition keys that are a parameter of the call."""


def tag_keys(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the condition keys for the tags of a resource."""
    return {f"aws:resourcetag/{name}".lower(): value for name, value in tags.items()}


def request_tags(call: ApiCall) -> dict[str, str]:
    """Return the tags that a call sets."""
    found: dict[str, str] = {}
    given = call.parameters.get("tags")
    if isinstance(given, Mapping):
        found.update({str(name): str(value) for name, value in given.items()})
    for tag in given if isinstance(given, list) else ():
        lower = {str(name).lower(): value for name, value in tag.items()}
        found[str(lower.get("key", ""))] = str(lower.get("value", ""))
    for name, value in call.parameters.items():
        if match := _FORM_TAG.fullmatch(name):
            ending = match[3].replace("key", "value")
            found[str(value)] = str(call.parameters.get(f"{match['list']}.{ending}", ""))
    return found


def _passed_roles(call: ApiCall, state: State) -> Iterator[Requirement]:
    for arn, service in passed_by(call, state.roles_of_definition):
        yield Requirement(action="iam:PassRole", resource=arn, keys={"iam:passedtoservice": service})


def _sets_tags(call: ApiCall) -> bool:
    """Whether what a call creates gets tags: by the call itself, or of the definition, service or cluster."""
    propagated = (call.values("propagateTags") or ("NONE",))[0] != "NONE"
    return bool(request_tags(call)) or propagated or call.parameters.get("enableecsmanagedtags") is True


def _tags_on_creation(call: ApiCall, keys: Keys) -> Iterator[Requirement]:
    """Yield the right to tag what an ECS call creates. Source: "Grant permission to tag resources on creation", ECS."""
    if call.service != "ecs" or not _CREATES.match(call.operation) or not _sets_tags(call):
        return
    here = f"arn:{PARTITION}:ecs:{call.region}:{call.account}"
    cluster = (call.values("cluster", "clusterName") or ("default",))[0].rpartition("/")[2]
    created = {
        "RunTask": f"{here}:task/{cluster}/{ANY}",
        "CreateService": f"{here}:service/{cluster}/{(call.values('serviceName') or (ANY,))[0]}",
        "CreateCluster": f"{here}:cluster/{cluster}",
        "RegisterTaskDefinition": f"{here}:task-definition/{(call.values('family') or (ANY,))[0]}:{ANY}",
    }.get(call.operation)
    if created:
        yield Requirement(action="ecs:TagResource", resource=created, keys={**keys, "ecs:createaction": call.operation})
