"""A service that does not come up is told of within two minutes, with the task that failed and its last lines."""

from dataclasses import replace

from deployer.aws.ecs import Container, Service
from deployer.health.service_watch import LOOK_SECONDS, ServiceWatch
from deployer.stacks.events import AwaitedService
from tests.deployer.fakes.calls import CountedCalls
from tests.deployer.fakes.ecs import task
from tests.deployer.fakes.session import FakeSession, Recorder

ARN = "arn:aws:ecs:us-west-2:1:service/cluster/Scheduler"
BEGAN = 1000.0
WAITED_FOR = {ARN: AwaitedService("Services/Scheduler", BEGAN)}


class _Waiting:
    """A rollout that goes on for some minutes."""

    def __init__(self) -> None:
        self.session, self.progress = FakeSession(), Recorder()
        self.session.ecs.running["Scheduler"] = Service(
            name="Scheduler", status="ACTIVE", desired=1, running=0, pending=1, rollout="IN_PROGRESS", older=1
        )
        self.watch = ServiceWatch(self.session.as_session, self.progress.note)

    def fail(self, name: str, reason: str = "Essential container in task exited", created: float = BEGAN) -> None:
        """Let a task of the service end."""
        ended = Container(name="airflow", status="STOPPED", exit_code=1, reason="", health="UNKNOWN")
        failed = replace(task(f"arn:task/{name}", "gone:1", ended), stopped_reason=reason, created=created)
        self.session.ecs.known[failed.arn] = failed
        self.session.ecs.services_of[failed.arn] = "Scheduler"

    def go_on(self, seconds: float) -> None:
        """Let time pass while CloudFormation waits."""
        for _ in range(int(seconds / 5)):
            self.session.time.sleep(5)
            self.watch(WAITED_FOR)


def test_a_task_that_fails_is_explained_long_before_cloudformation_gives_up() -> None:
    """Once, and within two minutes."""
    waiting = _Waiting()
    waiting.go_on(5)
    waiting.fail("new")
    began = waiting.session.time.seconds
    while not waiting.progress.notes:
        waiting.go_on(5)
    assert waiting.session.time.seconds - began < 120
    assert "A task of Services/Scheduler failed." in waiting.progress.notes[0]
    assert "Container airflow exited with 1" in waiting.progress.notes[0]
    waiting.go_on(60)
    assert sum("failed" in note for note in waiting.progress.notes) == 1


def test_a_task_that_gave_way_is_not_blamed() -> None:
    """The old, healthy one is stopped by the rollout itself."""
    waiting = _Waiting()
    waiting.fail("old", "Scaling activity initiated by (deployment ecs-svc/123)")
    waiting.go_on(50)
    assert waiting.progress.notes == []


def test_a_task_that_failed_before_is_not_blamed() -> None:
    """It is of another rollout, whose fault may be mended by this one."""
    waiting = _Waiting()
    waiting.fail("before", created=BEGAN - 1)
    waiting.go_on(50)
    assert waiting.progress.notes == []


def test_a_service_that_comes_up_soon_costs_no_look_at_its_tasks() -> None:
    """And one that fails meanwhile is told of at the first look."""
    waiting, calls = _Waiting(), CountedCalls(FakeSession())
    waiting.watch = ServiceWatch(calls.as_session, waiting.progress.note)
    waiting.watch(WAITED_FOR)
    waiting.watch({})
    assert calls.made == {}
    failing = _Waiting()
    failing.watch(WAITED_FOR)
    failing.fail("soon")
    failing.go_on(LOOK_SECONDS)
    assert sum("failed" in note for note in failing.progress.notes) == 1


def test_every_minute_it_says_what_it_waits_for() -> None:
    """With counts and since when; a service that is ready is no more told of."""
    waiting = _Waiting()
    waiting.go_on(190)
    assert waiting.progress.notes[0] == (
        "Waiting for Services/Scheduler since 1 min: 0 of 1 tasks run, 1 start, 1 are old; its rollout is IN_PROGRESS."
    )
    told = len(waiting.progress.notes)
    assert told >= 2
    waiting.session.time.sleep(600)
    waiting.watch({})
    assert len(waiting.progress.notes) == told


def test_tasks_that_fail_alike_are_explained_three_times() -> None:
    """ECS starts one after the other until its circuit breaker ends that."""
    waiting = _Waiting()
    waiting.go_on(5)
    for number in range(9):
        waiting.fail(str(number), created=BEGAN + number)
        waiting.go_on(25)
    assert sum("failed" in note for note in waiting.progress.notes) == 3
