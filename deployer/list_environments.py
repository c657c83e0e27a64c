"""Knows which environments and networks an account has in a region, from the tags of their stacks, and how they are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from compiler.contract import BRANCH_TAG, ENVIRONMENT_TAG, NETWORK_TAG, VPC, PerProcess, RootOutput, snake
from deployer.aws.errors import AwsRefusal
from deployer.aws.session import Session
from deployer.aws.stacks import STACK_TYPE, Stack
from deployer.stacks.statuses import went_well


@dataclass(frozen=True, kw_only=True)
class ListedEnvironment:
    """One environment: `health` in a word or two; `expires` is None where it lives until a teardown."""

    name: str
    branch: str
    airflow_version: str
    stack: Stack
    health: str
    expires: datetime | None

    @property
    def created(self) -> datetime | None:
        """When its stack was created."""
        return self.stack.created


@dataclass(frozen=True)
class ListedNetwork:
    """One network of several environments, and the names of those that stand in it."""

    stack: Stack
    environments: tuple[str, ...]


@dataclass(frozen=True)
class DeployedTemplate:
    """The template of a nested stack as it is deployed, named as its file is, and the parameters that it was given."""

    name: str
    text: str
    parameters: Mapping[str, str]


def root_stacks(session: Session) -> tuple[Stack, ...]:
    """Return the root stack of every environment, by name; an abandoned first change set is none."""
    return _bearing(session.cloudformation.stacks_of_account(), ENVIRONMENT_TAG)


def list_account(session: Session) -> tuple[Iterator[ListedEnvironment], Iterator[ListedNetwork]]:
    """Return every environment and every network of several environments, by name.

    The stacks of the account are read once, and what else is asked of each only when it is taken.
    """
    stacks = session.cloudformation.stacks_of_account()
    return _environments(session, stacks), _networks(session, stacks)


def _networks(session: Session, stacks: Sequence[Stack]) -> Iterator[ListedNetwork]:
    for stack in _bearing(stacks, NETWORK_TAG):
        yield ListedNetwork(stack, session.cloudformation.importers(f"{stack.name}-{VPC}"))


def _environments(session: Session, stacks: Sequence[Stack]) -> Iterator[ListedEnvironment]:
    for stack in _bearing(stacks, ENVIRONMENT_TAG):
        yield ListedEnvironment(
            name=stack.name,
            branch=stack.tags.get(BRANCH_TAG, ""),
            airflow_version=stack.outputs.get(RootOutput.AIRFLOW_VERSION, ""),
            stack=stack,
            health=_health(session, stack),
            expires=_expiry(session, stack),
        )


def find_elsewhere(name: str, sessions: Iterable[Session]) -> tuple[str, ...]:
    """Return the regions of these sessions that have an environment of this name; a closed region has none."""
    found = []
    for session in sessions:
        with suppress(AwsRefusal):
            stack = session.cloudformation.stack(name)
            if stack is not None and stack.tags.get(ENVIRONMENT_TAG) == name:
                found.append(session.region)
    return tuple(found)


def deployed_templates(session: Session, root: Stack) -> Iterator[DeployedTemplate]:
    """Yield the nested templates of an environment that are deployed now."""
    for resource in session.cloudformation.resources(root.id):
        nested = session.cloudformation.stack(resource.physical_id) if resource.type == STACK_TYPE else None
        if nested is not None and nested.status != "DELETE_COMPLETE":
            text = session.cloudformation.template(nested.id)
            yield DeployedTemplate(snake(resource.logical_id), text, nested.parameters)


def _bearing(stacks: Iterable[Stack], tag: str) -> tuple[Stack, ...]:
    """Return those of the stacks that bear their own name under a tag, by name."""
    found = (stack for stack in stacks if stack.tags.get(tag) == stack.name)
    alive = (stack for stack in found if stack.status not in {"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"})
    return tuple(sorted(alive, key=lambda stack: stack.name))


def _expiry(session: Session, stack: Stack) -> datetime | None:
    schedule = stack.outputs.get(RootOutput.EXPIRY_SCHEDULE)
    return session.scheduler.start(schedule) if schedule else None


def _health(session: Session, stack: Stack) -> str:
    """Say how it is by what CloudFormation and ECS count, without asking Airflow."""
    if not went_well(stack.status):
        return stack.status.lower().replace("_", " ")
    names = tuple(PerProcess.SERVICE.among(stack.outputs).values())
    services = session.ecs.services(stack.outputs.get(RootOutput.CLUSTER, ""), names) if names else ()
    desired, running = (sum(getattr(service, part) for service in services) for part in ("desired", "running"))
    if not desired:
        return "switched off"
    return "running" if running == desired else f"{running} of {desired} running"
