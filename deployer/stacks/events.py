"""Follows an operation through a root stack and its nested stacks until the root is at rest."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from deployer.aws.errors import AwsRefusal
from deployer.aws.polling import Clock
from deployer.aws.session import Session
from deployer.aws.stacks import STACK_TYPE, Event
from deployer.progress import Progress, StackEvent
from deployer.stacks.statuses import is_over

_SERVICE_TYPE = "AWS::ECS::Service"
_STARTING = frozenset({"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"})
_PROPOSED = "REVIEW_IN_PROGRESS"
"""The status of a stack from its first change set on until that is executed: no operation began before."""
_UPDATING = frozenset({"UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"})
BEGINNING = datetime.min.replace(tzinfo=UTC)

_PATIENCE_SECONDS = 900.0
"""How long an operation is followed while AWS does not answer: it goes on without this command."""
_LONGEST_PAUSE = 3
"""How many looks a nested stack is spared in which nothing happens. Its parent tells when it ends."""
_QUIET_LOOKS = 10
"""After so many polls without events the root stack's status is read: its last event may never arrive."""


@dataclass(frozen=True)
class Outcome:
    """How an operation ended: the root stack's status and every event on the way, oldest first."""

    status: str
    events: tuple[StackEvent, ...]
    raw: tuple[Event, ...] = field(repr=False)


@dataclass(frozen=True)
class AwaitedService:
    """An ECS service that CloudFormation waits for: its logical path, and since when, in seconds since 1970.

    One that is created has no task from before: it is waited for since 0.
    """

    path: str
    since: float


Watch = Callable[[Mapping[str, AwaitedService]], None]
"""Looks at the ECS services that CloudFormation waits for, by ARN."""


def look_away(_services: Mapping[str, AwaitedService]) -> None:
    """Watch no service."""


def newest(session: Session, stack_id: str) -> datetime:
    """Return the time of the stack's newest event: what comes later belongs to the next operation."""
    return next((event.time for event in session.cloudformation.events(stack_id)), BEGINNING)


def start_of_operation(session: Session, stack_id: str) -> datetime:
    """Return the time just before the operation in progress, for a run that joins it late."""
    for event in session.cloudformation.events(stack_id):
        if event.is_stack and (is_over(event.status) or event.status == _PROPOSED):
            return event.time
    return BEGINNING


def follow(
    session: Session,
    stack_id: str,
    since: datetime,
    progress: Progress,
    watch: Watch = look_away,
    *,
    still: frozenset[str] = frozenset(),
) -> Outcome:
    """Show `progress` every event after `since` until the root stack is at rest; `watch` sees what it waits for.

    The nested stacks at the logical paths `still` have nothing to change: they are looked at only if one fails.
    """
    tree, patience = _Tree(session, stack_id, since, still), _Patience(session.clock, progress)
    clock, wait = session.clock, session.clock.shortest
    quiet, news = 0, clock.now()
    while True:
        clock.sleep(wait)  # nothing is over at once
        seen = len(tree.events)
        with patience:
            tree.look(progress)
            if not tree.status and quiet and quiet % _QUIET_LOOKS == 0:
                tree.status = _at_rest(session, stack_id)
            watch(tree.services)
        if tree.status:
            return Outcome(tree.status, tuple(tree.events), tuple(tree.raw))
        if len(tree.events) == seen:
            quiet, wait = quiet + 1, clock.slower(wait, clock.now() - news)
        else:
            quiet, news, wait = 0, clock.now(), clock.quicker(wait)


class _Patience:
    """Bears with an AWS that throttles or cannot be reached, says so once, and gives up after a quarter of an hour."""

    def __init__(self, clock: Clock, progress: Progress) -> None:
        self._clock = clock
        self._progress = progress
        self._since: float | None = None

    def __enter__(self) -> None:
        """Begin a look."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        """End a look; return whether its error passes."""
        if error is None:
            self._since = None
            return False
        if not isinstance(error, AwsRefusal) or not error.passes:
            return False
        if self._since is None:
            self._since = self._clock.now()
            self._progress.note(f"{error.what} The operation goes on meanwhile; looking again.")
        return self._clock.now() - self._since < _PATIENCE_SECONDS


class _Pause:
    """How many looks a stack is spared: one more after each that brought nothing, none after one that did."""

    def __init__(self) -> None:
        self._length = self._left = 0

    def is_over(self) -> bool:
        """Whether the stack is due; count one look less to spare."""
        self._left -= 1
        return self._left < 0

    def follows(self, *, news: bool) -> None:
        """Begin the pause after a look."""
        self._length = 0 if news else min(self._length + 1, _LONGEST_PAUSE)
        self._left = self._length


class _Tree:
    """The stacks in which something goes on, and what was seen of them."""

    def __init__(self, session: Session, root: str, since: datetime, still: frozenset[str]) -> None:
        self.status = ""
        self.events: list[StackEvent] = []
        self.raw: list[Event] = []
        self._cloudformation = session.cloudformation
        self._since = since
        self._still = still
        self._root = root
        self._active = {root: ""}
        self._pauses: dict[str, _Pause] = {}
        self._seen: set[str] = set()
        self.services: dict[str, AwaitedService] = {}

    def look(self, progress: Progress) -> None:
        """Read once what is new in every active stack."""
        for stack_id in tuple(self._active):
            if stack_id not in self._active:  # a look at its parent may have seen its end
                continue
            pause = self._pauses.setdefault(stack_id, _Pause())
            if stack_id == self._root or pause.is_over():
                seen = len(self.events)
                self._look_at(stack_id, progress)
                pause.follows(news=len(self.events) > seen)

    def _look_at(self, stack_id: str, progress: Progress) -> None:
        path = self._active[stack_id]
        for event in reversed(tuple(self._fresh(stack_id))):
            self._seen.add(event.id)
            progress_event = StackEvent(
                path=_path(path, event), type=event.type, status=event.status, reason=event.reason, time=event.time
            )
            self.raw.append(event)
            self.events.append(progress_event)
            self._await_service(progress_event.path, event)
            if event.is_stack:
                self._root_ended(event)
            elif event.type == STACK_TYPE and event.physical_id:
                self._nested(progress_event.path, event, progress)
            if not event.is_stack or stack_id == self._root:  # the event in its parent was shown already
                progress.event(progress_event)

    def _fresh(self, stack_id: str) -> Iterator[Event]:
        for event in self._cloudformation.events(stack_id):
            if event.id in self._seen or event.time <= self._since or event.status == _PROPOSED:
                return
            yield event

    def _await_service(self, path: str, event: Event) -> None:
        if event.type == _SERVICE_TYPE and event.physical_id.startswith("arn:"):
            self.services.pop(event.physical_id, None)
            if event.status in _STARTING:
                since = event.time.timestamp() if event.status in _UPDATING else 0.0
                self.services[event.physical_id] = AwaitedService(path, since)

    def _root_ended(self, event: Event) -> None:
        if event.stack_id == self._root and is_over(event.status):
            self.status = event.status

    def _nested(self, path: str, event: Event, progress: Progress) -> None:
        if path in self._still and event.status in _UPDATING:
            return
        self._active[event.physical_id] = path
        if is_over(event.status):
            self._look_at(event.physical_id, progress)
            del self._active[event.physical_id]


def _path(prefix: str, event: Event) -> str:
    own = "" if event.is_stack else event.logical_id
    return "/".join(part for part in (prefix, own) if part)


def _at_rest(session: Session, stack_id: str) -> str:
    stack = session.cloudformation.stack(stack_id)
    if stack is None:
        return "DELETE_COMPLETE"
    return stack.status if is_over(stack.status) else ""
