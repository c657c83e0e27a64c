"""The promises of rehearsal/emulator/rules/service_stability.py."""

from typing import Any

from rehearsal.emulator.rules import service_stability

SERVICE: dict[str, Any] = {
    "serviceName": "web",
    "taskDefinition": "web:2",
    "desiredCount": 1,
    "deployments": [{"id": "d2", "status": "PRIMARY", "rolloutState": "COMPLETED"}],
}


def _task(name: str, status: str = "RUNNING", definition: str = "web:2", **more: Any) -> dict[str, Any]:
    stopped = {"stoppedReason": "Essential container exited", "stopCode": "EssentialContainerExited"}
    base = {"taskArn": name, "lastStatus": status, "taskDefinitionArn": definition}
    return {**base, **(stopped if status == "STOPPED" else {}), **more}


def _judge(
    *tasks: dict[str, Any], service: dict[str, Any] = SERVICE, known: tuple[str, ...] = ()
) -> service_stability.Verdict:
    return service_stability.judge(service, tasks, known=frozenset(known), ready=lambda task: "sick" not in task)


def test_a_service_with_all_tasks_ready_is_settled() -> None:
    """As many ready tasks of the wanted definition as desired, and no others."""
    assert _judge(_task("a")).settled
    assert not _judge().settled
    assert not _judge(_task("a", sick=True)).settled
    assert not _judge(_task("a"), _task("b", definition="web:1")).settled
    assert _judge(_task("a"), _task("b", "STOPPED", "web:1")).settled


def test_a_service_scaled_to_zero_is_settled() -> None:
    """A service without tasks is settled when none are wanted and the last is gone."""
    empty = {**SERVICE, "desiredCount": 0}
    assert _judge(service=empty).settled
    assert not _judge(_task("a", "DEACTIVATING"), service=empty).settled


def test_rollout_in_progress_is_not_settled() -> None:
    """Running tasks are not enough while the deployment goes on."""
    going = {**SERVICE, "deployments": [{"id": "d2", "status": "PRIMARY", "rolloutState": "IN_PROGRESS"}]}
    assert not _judge(_task("a"), service=going).settled


def test_three_failed_tasks_fail_the_service() -> None:
    """Three failed tasks fail the service, and the reason tells how the last one ended."""
    ended = [_task(name, "STOPPED", containers=[{"exitCode": 3}]) for name in "abc"]
    assert not _judge(*ended[:2]).failure
    assert "Essential container exited (exit code 3)" in _judge(*ended).failure
    assert not _judge(*ended, known=("a",)).failure


def test_what_the_scheduler_stops_is_no_failure() -> None:
    """Tasks that the scheduler or a user stopped do not count; those that failed their health check do."""
    drained = [_task(name, "STOPPED", stopCode="ServiceSchedulerInitiated", stoppedReason="") for name in "abc"]
    sick = [{**one, "stoppedReason": "Task failed container health checks"} for one in drained]
    assert not _judge(*drained).failure
    assert _judge(*sick).failure


def test_a_failed_deployment_fails_the_service() -> None:
    """A deployment the circuit breaker ended fails the service, unless it was there before."""
    broken = {
        **SERVICE,
        "deployments": [*SERVICE["deployments"], {"id": "d1", "status": "X", "rolloutState": "FAILED"}],
    }
    assert _judge(_task("a"), service=broken).failure
    assert _judge(_task("a"), service=broken, known=("d1",)).settled


def test_time_stamps_have_two_forms() -> None:
    """Both forms of a time stamp give the same second."""
    assert service_stability.seconds("1970-01-01T00:01:00+00:00") == service_stability.seconds(60) == 60
    assert service_stability.seconds(None) == 0
