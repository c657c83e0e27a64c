"""What an environment owns, read from its stacks: the list by which a teardown clears what CloudFormation does not."""

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compiler.contract import DATABASE, PerProcess
from deployer.aws.ecs import family_of
from deployer.aws.session import Session
from deployer.aws.stacks import STACK_TYPE, Resource
from deployer.stacks.template_diff import resources

NOTE = "teardown.json"
"""Name, below the environment's prefix in the templates bucket, of the note that outlives the stack."""

_GONE = "DELETE_COMPLETE"


@dataclass(frozen=True, kw_only=True)
class OwnedResources:
    """Physical ids of one environment's resources, by what a teardown does with them.

    `services` use the database, `database_services` are it where it is a container.
    `buckets` and `repositories` are those whose deletion policy is Delete; nothing else may be emptied.
    """

    clusters: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    database_services: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    databases: tuple[str, ...] = ()
    log_groups: tuple[str, ...] = ()
    families: tuple[str, ...] = ()

    def merged(self, other: "OwnedResources") -> "OwnedResources":
        """Return what is in either."""
        ours, theirs = dataclasses.asdict(self), dataclasses.asdict(other)
        return OwnedResources(**{key: tuple(dict.fromkeys((*ours[key], *theirs[key]))) for key in ours})


@dataclass(frozen=True, kw_only=True)
class StackMember:
    """A resource of a stack or nested stack: its logical path, and what the deployed template says of it."""

    path: str
    resource: Resource
    template: Mapping[str, Any] = field(repr=False)

    @property
    def policy(self) -> str:
        """What becomes of it when its stack is deleted."""
        return str(self.template.get("DeletionPolicy", "Delete"))

    @property
    def doomed(self) -> bool:
        """Whether it goes with its stack, or has gone."""
        return self.policy == "Delete" or self.resource.status == _GONE


def find_owned_resources(session: Session, root: str) -> OwnedResources:
    """Read the stacks below `root`, which may be half created or half deleted."""
    return owned_resources(tuple(stack_members(session, root)))


def owned_resources(members: Sequence[StackMember]) -> OwnedResources:
    """Return what a teardown has to do with the resources of an environment."""

    def ids(type_: str, *, doomed: bool = False) -> tuple[str, ...]:
        return tuple(
            entry.resource.physical_id
            for entry in members
            if entry.resource.type == type_ and (entry.doomed or not doomed)
        )

    families = map(family_of, ids("AWS::ECS::TaskDefinition"))
    services = ids("AWS::ECS::Service")
    databases = tuple(
        entry.resource.physical_id for entry in members if entry.resource.logical_id == PerProcess.SERVICE.of(DATABASE)
    )
    return OwnedResources(
        clusters=ids("AWS::ECS::Cluster"),
        services=tuple(arn for arn in services if arn not in databases),
        database_services=databases,
        buckets=ids("AWS::S3::Bucket", doomed=True),
        repositories=ids("AWS::ECR::Repository", doomed=True),
        databases=ids("AWS::RDS::DBInstance"),
        log_groups=ids("AWS::Logs::LogGroup", doomed=True),
        families=tuple(dict.fromkeys(families)),
    )


def read_note(session: Session, bucket: str, name: str) -> OwnedResources | None:
    """Return what an earlier teardown noted, or None."""
    body = session.s3.get(bucket, f"{name}/{NOTE}")
    return OwnedResources(**{key: tuple(ids) for key, ids in json.loads(body).items()}) if body else None


def write_note(session: Session, bucket: str, name: str, owned: OwnedResources) -> None:
    """Note what is to be cleared once the stack is gone, for the teardown that comes after a killed one."""
    session.s3.put(bucket, f"{name}/{NOTE}", json.dumps(dataclasses.asdict(owned)).encode())


def remove_note(session: Session, bucket: str, name: str) -> None:
    """Remove the note of a teardown that is taken back."""
    session.s3.delete(bucket, (f"{name}/{NOTE}",))


def stack_members(session: Session, stack_id: str, path: str = "") -> Iterator[StackMember]:
    """Yield every resource of a stack and its nested stacks that has a physical id; `path` is that of the stack."""
    template = None
    for resource in session.cloudformation.resources(stack_id):
        if not resource.physical_id:
            continue
        own = f"{path}/{resource.logical_id}" if path else resource.logical_id
        if resource.type == STACK_TYPE:
            yield from stack_members(session, resource.physical_id, own)
            continue
        if template is None:
            template = resources(session.cloudformation.template(stack_id))
        yield StackMember(path=own, resource=resource, template=template.get(resource.logical_id, {}))
