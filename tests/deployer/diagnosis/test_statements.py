"""What AWS and the processes said is collected where it says something about the fault of now."""

from dataclasses import replace

from deployer.aws.ecs import Container, Service
from deployer.diagnosis.evidence import Source, Statement
from deployer.diagnosis.statements import of_last_operation, of_one_off_tasks, of_running, of_service
from tests.deployer.diagnosis.planting import exits, failed, prints, stopped
from tests.deployer.fakes.cloudformation import arn
from tests.deployer.fakes.ecs import task
from tests.deployer.fakes.environment import outputs_of
from tests.deployer.fakes.running import Running

SERVICE = Service(name="Scheduler", status="ACTIVE", desired=1, running=0, pending=0, rollout="", older=0)


def _texts(statements: object) -> list[str]:
    assert not isinstance(statements, str)
    return [one.text for one in statements]  # type: ignore[attr-defined]  # any iterable of statements


def test_the_first_reason_of_the_last_operation_is_found_in_its_nested_stack() -> None:
    """An older failure, which somebody has mended since, is none."""
    running = Running()
    failed("Services/Cluster", "AWS::ECS::Cluster", "an old reason")(running)
    failed("Services/Role", "AWS::IAM::Role", "Rate exceeded")(running)
    (statement,) = of_last_operation(running.world.session.as_session, arn("demo"))
    assert statement == Statement(Source.EVENT, "Services/Role", "AWS::IAM::Role: Rate exceeded")


def test_an_operation_that_went_well_says_nothing() -> None:
    """There is no reason."""
    assert tuple(of_last_operation(Running().world.session.as_session, arn("demo"))) == ()


def test_a_service_says_what_happened_since_it_was_steady() -> None:
    """And its newest failed task says why it has stopped, with the newest line of its log first."""
    running = Running()
    stopped("scheduler", "gone", code=1, why="killed", says="the end")(running)
    events = ("(service Scheduler) cannot", "(service Scheduler) has reached a steady state.", "older")
    service = replace(SERVICE, events=events)
    said = of_service(running.world.session.as_session, "cluster", "scheduler", service)
    assert _texts(said) == [
        "(service Scheduler) cannot",
        "gone",
        "container airflow exited with 1: killed",
        "the end",
    ]


def test_a_task_that_never_started_and_one_that_is_unhealthy_say_so() -> None:
    """A living task has no reason."""
    running = Running()
    stopped("scheduler", "no image", why="CannotPull")(running)
    session = running.world.session
    texts = _texts(of_service(session.as_session, "cluster", "scheduler", SERVICE))
    assert texts == ["no image", "container airflow never started: CannotPull"]
    (name,) = session.ecs.known.keys() - {one for one in session.ecs.known if "failed" not in one}
    session.ecs.known[name] = replace(session.ecs.known[name], status="RUNNING", health="UNHEALTHY", containers=())
    assert "its health check fails" in _texts(of_service(session.as_session, "cluster", "scheduler", SERVICE))


def test_a_traceback_of_a_running_process_is_one_statement() -> None:
    """With its message."""
    running = Running()
    prints("scheduler", "boom", "Traceback\n  File x\nValueError")(running)
    said = of_running(running.world.session.as_session, "cluster", "scheduler", "Scheduler")
    assert _texts(said) == ["boom\nTraceback\n  File x\nValueError"]


def test_of_one_off_tasks_only_the_newest_failure_of_each_counts() -> None:
    """One that was run again and succeeded is no fault any more; workers are called so."""
    running = Running()
    ecs = running.world.session.ecs
    for number, (definition, code) in enumerate([("a/command:1", 1), ("a/command:1", 0), ("a/demo-worker:1", 9)]):
        container = Container(name="airflow", status="STOPPED", exit_code=code, reason="", health="UNKNOWN")
        name = f"arn:task/cluster/{number}"
        ecs.known[name] = replace(task(name, definition, container), created=float(number))
    said = of_one_off_tasks(running.world.session.as_session, running.env, outputs_of(running.world))
    assert [(one.about, one.text) for one in said if "container" in one.text and "with" in one.text] == [
        ("worker", "container airflow exited with 9")
    ]


def test_a_failed_service_s_task_is_no_one_off_task() -> None:
    """Its service tells of it."""
    running = Running()
    exits("scheduler", "boom")(running)
    outputs = outputs_of(running.world)
    assert tuple(of_one_off_tasks(running.world.session.as_session, running.env, outputs)) == ()
