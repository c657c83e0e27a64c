"""An operation is followed through its nested stacks, and ends when the root ends."""

from collections.abc import Iterator, Mapping

import pytest

from deployer.aws.errors import NO_ANSWER, AwsRefusal
from deployer.aws.stacks import STACK_TYPE, Event, Resource
from deployer.stacks.events import BEGINNING, AwaitedService, follow, newest, start_of_operation
from tests.deployer.fakes.calls import CountedCalls
from tests.deployer.fakes.cloudformation import FakeCloudFormation, arn
from tests.deployer.fakes.session import FakeSession, Recorder


def test_nested_events_are_reported_with_their_paths() -> None:
    """Two levels deep, each change once; the end of a nested stack is not the end."""
    session = FakeSession()
    fake = session.cloudformation
    inner, deepest = (
        Resource(logical_id=name, physical_id=arn(name), type=STACK_TYPE, status="") for name in ("Inner", "Deepest")
    )
    fake.put("demo", "CREATE_IN_PROGRESS")
    fake.tell("demo", "CREATE_IN_PROGRESS", inner)
    fake.tell("Inner", "CREATE_IN_PROGRESS")
    fake.tell("Inner", "CREATE_IN_PROGRESS", deepest)
    fake.tell(
        "Deepest", "CREATE_COMPLETE", Resource(logical_id="Leaf", physical_id="leaf", type="AWS::SQS::Queue", status="")
    )
    fake.tell("Inner", "CREATE_COMPLETE", deepest)
    fake.tell("Inner", "CREATE_COMPLETE")
    fake.tell("demo", "CREATE_COMPLETE", inner)
    fake.tell("demo", "CREATE_COMPLETE")
    progress = Recorder()
    outcome = follow(session.as_session, arn("demo"), BEGINNING, progress)
    assert outcome.status == "CREATE_COMPLETE"
    assert "Inner/Deepest/Leaf" in [event.path for event in progress.events]
    assert progress.events[-1].path == ""
    assert len(progress.events) == len({(event.path, event.status) for event in progress.events}) == 7


def test_events_before_the_operation_are_not_reported() -> None:
    """Only this operation's events count."""
    session = FakeSession()
    fake = session.cloudformation
    fake.put("demo", "CREATE_COMPLETE")
    since = newest(session.as_session, arn("demo"))
    fake.tell("demo", "UPDATE_IN_PROGRESS")
    fake.tell("demo", "UPDATE_COMPLETE")
    outcome = follow(session.as_session, arn("demo"), since, Recorder())
    assert [event.status for event in outcome.events] == ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]


def test_the_first_change_set_of_a_stack_is_no_part_of_its_creation() -> None:
    """A creation is followed from the beginning of the stack's history, where its change sets are."""
    session = FakeSession()
    fake = session.cloudformation
    fake.put("demo", "REVIEW_IN_PROGRESS")
    fake.tell("demo", "CREATE_IN_PROGRESS")
    fake.tell("demo", "CREATE_COMPLETE")
    outcome = follow(session.as_session, arn("demo"), BEGINNING, Recorder())
    assert [event.status for event in outcome.events] == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]


def test_joining_an_operation_reports_it_from_its_start() -> None:
    """This operation, not the one before."""
    session = FakeSession()
    fake = session.cloudformation
    fake.put("demo", "CREATE_COMPLETE")
    fake.tell("demo", "UPDATE_IN_PROGRESS")
    fake.tell(
        "demo", "UPDATE_IN_PROGRESS", Resource(logical_id="Queue", physical_id="q", type="AWS::SQS::Queue", status="")
    )
    since = start_of_operation(session.as_session, arn("demo"))
    fake.tell("demo", "UPDATE_COMPLETE")
    outcome = follow(session.as_session, arn("demo"), since, Recorder())
    assert [event.path for event in outcome.events] == ["", "Queue", ""]


def test_a_last_event_that_never_comes_does_not_hang() -> None:
    """Without events, the stack's own status is read."""
    session = FakeSession()
    session.cloudformation.put("demo", "UPDATE_COMPLETE")
    since = newest(session.as_session, arn("demo"))
    assert follow(session.as_session, arn("demo"), since, Recorder()).status == "UPDATE_COMPLETE"


def _told(troubles: int, code: str) -> tuple[FakeSession, Recorder]:
    session = FakeSession()
    fake = session.cloudformation
    fake.put("demo", "CREATE_IN_PROGRESS")
    fake.tell("demo", "CREATE_COMPLETE")
    fake.troubles = [AwsRefusal("AWS is busy.", code=code) for _ in range(troubles)]
    return session, Recorder()


@pytest.mark.parametrize("code", ["ThrottlingException", NO_ANSWER])
def test_an_aws_that_does_not_answer_is_waited_for(code: str) -> None:
    """The operation goes on meanwhile; one sentence says so, however often the look fails."""
    session, progress = _told(30, code)
    assert follow(session.as_session, arn("demo"), BEGINNING, progress).status == "CREATE_COMPLETE"
    assert progress.notes == ["AWS is busy. The operation goes on meanwhile; looking again."]


def test_patience_ends() -> None:
    """After a quarter of an hour the error is shown; another error at once."""
    session, progress = _told(10_000, NO_ANSWER)
    before = session.time.now()
    with pytest.raises(AwsRefusal):
        follow(session.as_session, arn("demo"), BEGINNING, progress)
    assert 900 <= session.time.now() - before < 1000
    session, progress = _told(1, "AccessDenied")
    with pytest.raises(AwsRefusal):
        follow(session.as_session, arn("demo"), BEGINNING, progress)


@pytest.mark.parametrize("started", ["UPDATE", "CREATE"])
def test_services_that_are_waited_for_are_watched(started: str) -> None:
    """By ARN with their paths, from their start to their end; a new one has no task from before its creation."""
    session, seen = FakeSession(), list[dict[str, AwaitedService]]()
    fake = session.cloudformation
    name = "arn:aws:ecs:us-west-2:1:service/cluster/Scheduler"
    service = Resource(logical_id="Scheduler", physical_id=name, type="AWS::ECS::Service", status="")
    fake.put("demo", "UPDATE_IN_PROGRESS")
    fake.tell("demo", f"{started}_IN_PROGRESS", service)
    began = newest(session.as_session, arn("demo")).timestamp()

    def watch(services: Mapping[str, AwaitedService]) -> None:
        seen.append(dict(services))
        if len(seen) == 1:
            fake.tell("demo", f"{started}_COMPLETE", service)
        if len(seen) == 2:
            fake.tell("demo", "UPDATE_COMPLETE")

    follow(session.as_session, arn("demo"), BEGINNING, Recorder(), watch)
    assert seen == [{name: AwaitedService("Scheduler", began if started == "UPDATE" else 0.0)}, {}, {}]


def test_a_nested_stack_in_which_nothing_happens_is_looked_at_seldom() -> None:
    """A database takes minutes. News end the pause, and the end of the stack is seen with its parent."""
    running = FakeSession()
    fake, looks, calls = running.cloudformation, list[int](), CountedCalls(running)
    nested = Resource(logical_id="Database", physical_id=arn("Database"), type=STACK_TYPE, status="")
    leaf = Resource(logical_id="Instance", physical_id="db-1", type="AWS::RDS::DBInstance", status="")
    fake.put("demo", "CREATE_IN_PROGRESS")
    fake.tell("demo", "CREATE_IN_PROGRESS", nested)
    fake.tell("Database", "CREATE_IN_PROGRESS")

    def watch(_services: Mapping[str, AwaitedService]) -> None:
        looks.append(calls.made["cloudformation.events"])
        if len(looks) == 60:
            fake.tell("Database", "CREATE_IN_PROGRESS", leaf)
        if len(looks) == 100:
            fake.tell("Database", "CREATE_COMPLETE", leaf)
            fake.tell("demo", "CREATE_COMPLETE", nested)
            fake.tell("demo", "CREATE_COMPLETE")

    progress = Recorder()
    follow(calls.as_session, arn("demo"), BEGINNING, progress, watch)
    assert [event.path for event in progress.events if event.path.endswith("Instance")] == ["Database/Instance"] * 2
    assert len(looks) == 101
    assert calls.made["cloudformation.events"] - len(looks) < 35, "of nested looks, which were 101"


@pytest.mark.parametrize(("ending", "looks"), [("UPDATE_COMPLETE", 0), ("UPDATE_FAILED", 1)])
def test_a_nested_stack_without_changes_is_looked_at_only_if_it_fails(ending: str, looks: int) -> None:
    """CloudFormation goes through each of them at every update; its own events show that."""
    seen = list[str]()

    class Seen(FakeCloudFormation):
        def events(self, stack_id: str) -> Iterator[Event]:
            seen.append(stack_id)
            return super().events(stack_id)

    session = FakeSession(cloudformation=Seen())
    nested = Resource(logical_id="Network", physical_id=arn("Network"), type=STACK_TYPE, status="")
    session.cloudformation.put("demo", "UPDATE_IN_PROGRESS")
    session.cloudformation.tell("demo", "UPDATE_IN_PROGRESS", nested)
    session.cloudformation.tell("Network", "UPDATE_IN_PROGRESS")
    session.cloudformation.tell("demo", ending, nested)
    session.cloudformation.tell("demo", "UPDATE_COMPLETE")
    progress = Recorder()
    follow(session.as_session, arn("demo"), BEGINNING, progress, still=frozenset({"Network"}))
    assert seen.count(arn("Network")) == looks
    assert [event.status for event in progress.events if event.path == "Network"] == ["UPDATE_IN_PROGRESS", ending]
