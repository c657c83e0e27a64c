"""The first reason that is a reason is found among the consequences."""

from dataclasses import replace
from datetime import timedelta

from deployer.aws.ecs import Container
from deployer.aws.stacks import STACK_TYPE
from deployer.progress import StackEvent
from deployer.stacks.failure_cause import explain_service, failed_tasks, root_cause
from tests.deployer.fakes.cloudformation import START
from tests.deployer.fakes.ecs import task
from tests.deployer.fakes.session import FakeSession


def _event(path: str, reason: str, type_: str = "AWS::SQS::Queue", status: str = "CREATE_FAILED") -> StackEvent:
    return StackEvent(path=path, type=type_, status=status, reason=reason, time=START)


def test_the_first_specific_failure_is_the_cause() -> None:
    """Cancelled siblings and embedding stacks only repeat it, and may even come before it."""
    events = [
        _event("Data/Other", "Resource creation cancelled"),
        _event("Data", "Embedded stack arn was not successfully created", STACK_TYPE),
        _event("Data/Queue", "quota exceeded"),
        _event("Data/Late", "another reason"),
    ]
    found = root_cause(events)
    assert found is not None
    assert found.path == "Data/Queue"


def test_what_happened_first_is_the_cause_though_it_was_seen_later() -> None:
    """A rollback that fails has reasons of its own, and the nested stack with the first one is read last."""
    events = [
        replace(_event("Storage/Logs", "it is not empty", status="DELETE_FAILED"), time=START + timedelta(seconds=1)),
        _event("Edge/LoadBalancer", "Access Denied for bucket"),
    ]
    found = root_cause(events)
    assert found is not None
    assert found.path == "Edge/LoadBalancer"


def test_a_stack_s_own_reason_is_better_than_none() -> None:
    """Such as a template that could not be read."""
    found = root_cause([_event("Data", "S3 error: Access Denied", STACK_TYPE)])
    assert found is not None
    assert found.reason == "S3 error: Access Denied"


def test_success_has_no_cause() -> None:
    """Nothing is made up."""
    assert root_cause([_event("Queue", "", status="CREATE_COMPLETE")]) is None


def test_a_service_is_explained_by_its_stopped_task() -> None:
    """Even when the task definition, and with it the way to the lines, is gone."""
    session = FakeSession()
    container = Container(
        name="airflow", status="STOPPED", exit_code=137, reason="OutOfMemoryError", health="UNHEALTHY"
    )
    session.ecs.known["arn:task/1"] = task("arn:task/1", "gone:1", container)
    session.ecs.services_of["arn:task/1"] = "Scheduler"
    text = "\n".join(explain_service(session.as_session, "cluster", "Scheduler"))
    assert "Container airflow exited with 137: OutOfMemoryError" in text


def test_the_newest_task_that_failed_is_explained_and_none_that_gave_way() -> None:
    """The old, healthy task that the rollout stopped says nothing of why the new one fails."""
    session = FakeSession()
    reasons = {"old": "Scaling activity initiated by (deployment x)", "first": "exited", "second": "exited"}
    for number, (name, reason) in enumerate(reasons.items()):
        container = Container(name=name, status="STOPPED", exit_code=number, reason="", health="UNKNOWN")
        ended = replace(task(f"arn:task/{name}", "gone:1", container), stopped_reason=reason, created=float(number))
        session.ecs.known[ended.arn] = ended
        session.ecs.services_of[ended.arn] = "Scheduler"
    text = "\n".join(explain_service(session.as_session, "cluster", "Scheduler"))
    assert "Container second exited with 2" in text
    assert "old" not in text
    found = failed_tasks(session.as_session, "cluster", "Scheduler")
    assert [one.id for one in found] == ["second", "first"]
