"""Finds what somebody deleted by hand: resources that CloudFormation believes are there."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import ParamSpec, TypeVar

from deployer.aws.ecs import Service
from deployer.aws.errors import DENIED, AwsRefusal
from deployer.aws.session import Session
from deployer.aws.stacks import STACK_TYPE, Resource
from deployer.health.security_rules import RULES, rule_of
from deployer.stacks.outputs import Outputs

Given = ParamSpec("Given")
Seen = TypeVar("Seen")

_GROUP = "AWS::EC2::SecurityGroup"
_SECRET = "AWS::SecretsManager::Secret"  # noqa: S105  a resource type
_RULE_ID = "sgr-"
_GONE = "DELETE_COMPLETE"


def missing_resources(session: Session, stack_id: str) -> tuple[str, ...]:
    """Return the logical paths of what a stack and its nested stacks lack; see `missing_among`."""
    return missing_among(session, all_resources(session, stack_id))


def missing_among(session: Session, resources: Mapping[str, Resource]) -> tuple[str, ...]:
    """Return which of some resources are gone.

    Asks AWS once for each bucket, secret, log group, service and role, and once for all rules of security groups; then
    for the template of each rule whose id is not there.
    """
    revoked = _revoked(session, resources)
    return tuple(path for path, one in resources.items() if path in revoked or not _is_there(session, one))


def put_back_among(session: Session, resources: Mapping[str, Resource]) -> Mapping[str, str]:
    """Return the ids of rules that somebody put back by hand, by the logical paths of those that were revoked."""
    return {path: successor for path, successor in _unknown_rules(session, resources).items() if successor}


def restorable_among(session: Session, resources: Mapping[str, Resource], missing: Iterable[str]) -> Mapping[str, str]:
    """Return the ARNs of secrets that are missing because they wait for their deletion, by logical path."""
    secrets = {path: resources[path].physical_id for path in missing if resources[path].type == _SECRET}
    return {path: arn for path, arn in secrets.items() if session.secrets.find(arn) is not None}


def all_resources(session: Session, stack_id: str) -> Mapping[str, Resource]:
    """Return what CloudFormation believes to be in a stack and its nested stacks, by logical path."""
    return dict(_resources(session, stack_id, ""))


def missing_parts(outputs: Outputs, services: Sequence[Service], *, bucket: bool) -> tuple[str, ...]:
    """Return what can be said without asking for each resource: `bucket` is whether there is one for the code."""
    alive = {service.name for service in services if service.status == "ACTIVE"}
    gone = (f"the {process} service" for process, name in outputs.all_services.items() if name not in alive)
    return (*(() if bucket else (f"the code bucket {outputs.code_bucket}",)), *gone)


def _resources(session: Session, stack_id: str, path: str) -> Iterator[tuple[str, Resource]]:
    for resource in session.cloudformation.resources(stack_id):
        own = f"{path}/{resource.logical_id}" if path else resource.logical_id
        if not resource.physical_id or resource.status == _GONE:
            continue
        if resource.type == STACK_TYPE:
            yield from _resources(session, resource.physical_id, own)
        else:
            yield own, resource


def _is_there(session: Session, resource: Resource) -> bool:
    """Whether a resource is there, as far as the caller may look."""
    look = _LOOKS.get(resource.type)
    return look is None or _unless_denied(look, session, resource.physical_id) is not False


def _revoked(session: Session, resources: Mapping[str, Resource]) -> frozenset[str]:
    """Return the rules that somebody revoked, as far as the caller may look.

    One that was put back has another id, and is there if it says the same.
    """
    return frozenset(path for path, successor in _unknown_rules(session, resources).items() if not successor)


def _unknown_rules(session: Session, resources: Mapping[str, Resource]) -> Mapping[str, str]:
    """Return the rules that are not there under their ids, each with the id of another that says the same, or none."""
    rules = {path: one.physical_id for path, one in resources.items() if one.type in RULES}
    known = {path: rule for path, rule in rules.items() if rule.startswith(_RULE_ID)}
    groups = sorted({one.physical_id for one in resources.values() if one.type == _GROUP})
    there = _unless_denied(session.ec2.rules, groups) if known and groups else None
    if there is None:
        return {}
    ids = {content: identity for identity, content in there.items()}
    gone = [path for path, rule in known.items() if rule not in there]
    said = {path: _unless_denied(rule_of, session, resources, path) for path in gone}
    return {path: ids.get(content, "") if content else "" for path, content in said.items()}


def _unless_denied(look: Callable[Given, Seen], *given: Given.args, **named: Given.kwargs) -> Seen | None:
    """Return what a call sees, None where the caller may not look."""
    try:
        return look(*given, **named)
    except AwsRefusal as error:
        if error.code in DENIED:
            return None
        raise


def _has_secret(session: Session, arn: str) -> bool:
    found = session.secrets.find(arn)
    return found is not None and found.ends is None


def _has_service(session: Session, arn: str) -> bool:
    _, cluster, name = arn.split("/")
    return any(service.status == "ACTIVE" for service in session.ecs.services(cluster, (name,)))


_LOOKS: Mapping[str, Callable[[Session, str], bool]] = MappingProxyType(
    {
        "AWS::ECS::Service": _has_service,
        "AWS::IAM::Role": lambda session, name: session.iam.has_role(name),
        "AWS::Logs::LogGroup": lambda session, name: name in session.logs.groups(name),
        "AWS::S3::Bucket": lambda session, name: session.s3.exists(name),
        _SECRET: _has_secret,
    }
)
