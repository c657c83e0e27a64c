"""A phase says beforehand how long it takes, and is timed for the next run."""

from datetime import UTC, datetime, timedelta

from deployer.aws.stacks import STACK_TYPE
from deployer.durations.stopwatch import Stopwatch
from deployer.progress import Progress, StackEvent
from tests.deployer.fakes.session import FakeTime, Recorder

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


class _Details(Recorder):
    """Keeps the details of phases."""

    def phase(self, name: str, detail: str) -> None:
        self.phases.append(f"{name}: {detail}")


def _event(status: str, seconds: float = 0, path: str = "Database", type_: str = STACK_TYPE) -> StackEvent:
    return StackEvent(path=path, type=type_, status=status, reason="", time=NOON + timedelta(seconds=seconds))


def _watch(recorder: Progress, time: FakeTime, **known: float) -> Stopwatch:
    return Stopwatch(recorder, {key.replace("_", " "): value for key, value in known.items()}, time.now)


def test_what_is_known_is_said_when_a_phase_begins() -> None:
    """In minutes, or in seconds where it is less than one; nothing where nobody knows."""
    recorder = _Details()
    watch = _watch(recorder, FakeTime(), provision=610, sync=20)
    for name in ("provision", "sync", "image"):
        watch.phase(name, "detail")
    assert recorder.phases == ["provision: detail, about 10 min", "sync: detail, about 20 s", "image: detail"]


def test_phases_and_nested_stacks_are_timed() -> None:
    """A phase ends with the next one, a stack with its own event; what is over at once is not worth a word."""
    time = FakeTime()
    watch = _watch(Recorder(), time)
    watch.phase("provision", "")
    watch.event(_event("CREATE_IN_PROGRESS"))
    watch.event(_event("CREATE_IN_PROGRESS", 1))
    watch.event(_event("CREATE_COMPLETE", 480))
    time.sleep(500)
    watch.phase("verify", "")
    time.sleep(1)
    watch.end()
    assert watch.took == {"provision": 500, "provision Database": 480}


def test_an_event_of_a_nested_stack_knows_how_long_it_takes() -> None:
    """Those of resources and of the root pass as they are."""
    recorder = Recorder()
    watch = _watch(recorder, FakeTime(), provision_Database=480)
    watch.phase("provision", "")
    watch.event(_event("CREATE_IN_PROGRESS"))
    watch.event(_event("CREATE_IN_PROGRESS", path=""))
    watch.event(_event("CREATE_IN_PROGRESS", path="Database/Instance", type_="AWS::RDS::DBInstance"))
    assert [event.about for event in recorder.events] == [480, 0, 0]


def test_a_remark_passes() -> None:
    """As it is."""
    recorder = Recorder()
    _watch(recorder, FakeTime()).note("Waiting.")
    assert recorder.notes == ["Waiting."]
