"""Finds what people changed by hand: resources that are not as CloudFormation left them, in every nested stack."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from compiler.contract import BOOTSTRAP_STACK, RootOutput
from deployer.aws.errors import AwsRefusal
from deployer.aws.session import Session
from deployer.aws.stacks import STACK_TYPE, DriftDetection, PropertyDrift, ResourceDrift
from spec.environment import Environment

DETECTION_SECONDS = 600.0
"""A detection "can take up to several minutes":
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DetectStackDrift.html"""

_NOT_KNOWN = "what somebody changed by hand there is not wholly known."
_RUNNING, _FAILED = "DETECTION_IN_PROGRESS", "DETECTION_FAILED"
_OWN = frozenset(
    {
        ("AWS::SSM::Parameter", "Value"),
        ("AWS::Scheduler::Schedule", "StartDate"),
    }
)
"""What Windsock itself changes: the deploy state, and the start of the schedule by which an environment expires."""
ALARM_STACK, SCHEDULE = "Alarm", "AWS::Scheduler::Schedule"
MOVED = frozenset({"Description", "ScheduleExpression", "StartDate", "State"})
"""What the watch beside the scheduler changes of the schedules of an environment that sleeps until something is due."""

PAGE = (
    f"Edge/{RootOutput.ASLEEP_RULE} Conditions.",
    f"Edge/{RootOutput.ASLEEP_RULE} Actions.",
    "Alarm/SiteSleeps Target.Input",
)
"""With this begin paths and properties of what browsers are told while an environment sleeps."""

SERVICE, COUNT, NO_TASK = "AWS::ECS::Service", "DesiredCount", "0"


@dataclass(frozen=True, kw_only=True)
class HandChange:
    """A resource that somebody changed or `deleted` by hand: its logical path, type and properties."""

    path: str
    type: str
    deleted: bool = False
    properties: tuple[PropertyDrift, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Drift:
    """What people changed by hand; `unread` says in a sentence each which stacks could not be looked at, and why."""

    changes: tuple[HandChange, ...] = ()
    unread: tuple[str, ...] = ()


def find_drift(env: Environment, session: Session, stacks: Mapping[str, str]) -> Drift:
    """Look at stacks by their logical paths and ids, all at once; what cannot be read is no failure.

    CloudFormation compares only properties that the template sets, and no stack with what its nested stacks hold.
    """
    changes: list[HandChange] = []
    unread: list[str] = []
    detections: dict[str, str] = {}
    for path, stack_id in stacks.items():
        with _tolerant(path, unread):
            detections[path] = session.cloudformation.detect_drift(stack_id)
    for path, detection in detections.items():
        with _tolerant(path, unread):
            if failure := _failure(session, detection):
                unread.append(f"{path}: {_NOT_KNOWN} {failure}")
            changes += _changes(env, path, session.cloudformation.drifts(stacks[path]))
    return Drift(changes=tuple(changes), unread=tuple(unread))


def stacks_of(env: Environment, session: Session) -> dict[str, str]:
    """Return every stack of an environment that holds resources by its logical path, with the bootstrap stack."""
    bootstrap, root = session.cloudformation.stack(BOOTSTRAP_STACK), session.cloudformation.stack(env.name)
    own = {BOOTSTRAP_STACK: bootstrap.id} if bootstrap and root else {}
    return {**own, **(nested_stacks(session, root.id) if root else {})}


def nested_stacks(session: Session, stack_id: str) -> dict[str, str]:
    """Return the ids of the nested stacks of a root stack by their logical ids."""
    return {
        resource.logical_id: resource.physical_id
        for resource in session.cloudformation.resources(stack_id)
        if resource.type == STACK_TYPE and resource.physical_id
    }


@contextmanager
def _tolerant(path: str, unread: list[str]) -> Iterator[None]:
    try:
        yield
    except AwsRefusal as refusal:
        unread.append(f"{path}: {_NOT_KNOWN} {refusal.what}")


def _failure(session: Session, detection: str) -> str:
    """Wait for the end of a detection; return why it did not look at everything, which is empty where it did."""

    def look() -> DriftDetection | None:
        seen = session.cloudformation.drift_detection(detection)
        return None if seen.status == _RUNNING else seen

    ended = session.clock.until(look, limit=DETECTION_SECONDS)
    if ended is None:
        return f"CloudFormation has looked for {DETECTION_SECONDS / 60:.0f} minutes."
    return ended.reason if ended.status == _FAILED else ""


def _changes(env: Environment, path: str, found: tuple[ResourceDrift, ...]) -> Iterator[HandChange]:
    for one in found:
        by_watch = MOVED if (path, one.type) == (ALARM_STACK, SCHEDULE) else frozenset()
        changed = (each for each in one.properties if each.path not in by_watch)
        no_page = (each for each in changed if not f"{path}/{one.logical_id} {each.path}".startswith(PAGE))
        properties = tuple(each for each in no_page if not _is_own(env, one.type, each))
        if one.deleted or properties:
            yield HandChange(path=f"{path}/{one.logical_id}", type=one.type, deleted=one.deleted, properties=properties)


def _is_own(env: Environment, type_: str, found: PropertyDrift) -> bool:
    """Whether no person changed a property: Windsock did, or the service sleeps outside its office hours."""
    sleeps = env.schedule is not None and (type_, found.path, found.actual) == (SERVICE, COUNT, NO_TASK)
    return sleeps or (type_, found.path) in _OWN
