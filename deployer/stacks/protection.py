"""Lifts deletion protection by API, where no change set can: from a stack that never came up, or is half deleted."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from deployer.aws.session import Session
from deployer.aws.stacks import STACK_TYPE, Resource, Stack
from deployer.progress import Progress
from spec.errors import Refusal

_NEVER_CAME_UP = frozenset({"CREATE_FAILED", "REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"})
_CREATION_FAILED = frozenset({"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "ROLLBACK_IN_PROGRESS"})
_MODIFIABLE_SECONDS = 2400.0
"""How long an instance may be created, started or backed up before it can be modified."""
_GONE = "DELETE_COMPLETE"


class ProtectionRemains(Refusal):
    """Deletion protection could not be lifted."""


def never_came_up(session: Session, stack: Stack) -> bool:
    """Return whether the creation of a stack failed, so that nothing in it was ever used.

    Of a stack whose deletion has failed, only its history tells.
    """
    if stack.status != "DELETE_FAILED":
        return stack.status in _NEVER_CAME_UP
    events = session.cloudformation.events(stack.id)
    return any(event.is_stack and event.status in _CREATION_FAILED for event in events)


def lift_protection(session: Session, stack_id: str, progress: Progress) -> None:
    """Lift the deletion protection of whatever a stack and its nested stacks still hold.

    AWS deletes nothing that is protected, so the stack would end with ROLLBACK_FAILED or DELETE_FAILED.
    Raises `ProtectionRemains` when a database cannot be modified for 40 minutes.
    """
    for resource in _held(session, stack_id):
        if lift := _LIFT.get(resource.type):
            progress.note(f"Lifting the deletion protection of {resource.logical_id} {resource.physical_id}.")
            lift(session, resource.physical_id)


def _held(session: Session, stack_id: str) -> Iterator[Resource]:
    for resource in session.cloudformation.resources(stack_id):
        if not resource.physical_id or resource.status == _GONE:
            continue
        if resource.type == STACK_TYPE:
            yield from _held(session, resource.physical_id)
        else:
            yield resource


def _lift_from_instance(session: Session, instance: str) -> None:
    def look() -> bool | None:
        if not session.rds.is_protected(instance):
            return True
        if session.rds.state(instance) == "stopped":  # a stopped instance cannot be modified
            session.rds.start(instance)
        session.rds.unprotect(instance)
        return None

    if session.clock.until(look, limit=_MODIFIABLE_SECONDS) is None:
        raise ProtectionRemains(
            f"The deletion protection of database {instance} cannot be lifted: it is {session.rds.state(instance)}.",
            next_step="Look at it in the RDS console, then run the same command again.",
        )


def _lift_from_load_balancer(session: Session, balancer: str) -> None:
    session.load_balancer.unprotect(balancer)


_LIFT: Mapping[str, Callable[[Session, str], None]] = MappingProxyType(
    {
        "AWS::ElasticLoadBalancingV2::LoadBalancer": _lift_from_load_balancer,
        "AWS::RDS::DBInstance": _lift_from_instance,
    }
)
