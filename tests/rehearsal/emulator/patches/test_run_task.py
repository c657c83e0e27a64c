"""The promises of rehearsal/emulator/patches/run_task.py, of the memory watch and of the trail, in an emulator."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.emulator.rules.fault_injection import CONTAINER_RUNS, Fault, put_faults, trail
from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
GREEDY = "kept = []\nwhile True: kept.append(bytearray(b'x') * (32 << 20)); __import__('time').sleep(0.1)"


def run(yard: Yard, *command: str, **overrides: Any) -> dict[str, Any]:
    """Ask for a one-off task as an executor does, on a mix of capacity; what ECS answers."""
    answer: dict[str, Any] = yard.client("ecs").run_task(
        cluster=yard.outputs["Cluster"],
        taskDefinition=yard.outputs["Once"],
        capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
        startedBy="airflow",
        **yard.placed,
        overrides={"containerOverrides": [{"name": "once", "command": list(command)}], **overrides},
    )
    return answer


def refusal(yard: Yard, *command: str, **overrides: Any) -> str:
    """How ECS refuses to run it."""
    with pytest.raises(ClientError) as caught:
        run(yard, *command, **overrides)
    return str(caught.value)


def test_a_task_has_its_group_and_started_by(yard: Yard) -> None:
    """A task without a group belongs to its family, and keeps the name of who started it."""
    (task,) = run(yard, "true")["tasks"]
    ended = yard.reached(task["taskArn"], "STOPPED")
    family = yard.outputs["Once"].rpartition("/")[2].partition(":")[0]
    assert (ended["group"], ended["startedBy"]) == (f"family:{family}", "airflow")


def test_a_task_that_was_just_started_is_missing_at_first(yard: Yard) -> None:
    """The first answers of DescribeTasks lack it, with the reason that ECS has for a task that there is not."""
    (task,) = run(yard, "true")["tasks"]
    described = yard.client("ecs").describe_tasks(cluster=yard.outputs["Cluster"], tasks=[task["taskArn"]])
    assert described["tasks"] == []
    assert [(one["arn"], one["reason"]) for one in described["failures"]] == [(task["taskArn"], "MISSING")]
    assert yard.reached(task["taskArn"], "STOPPED")["containers"][0]["exitCode"] == 0


def test_a_listing_lacks_a_task_that_was_just_started(yard: Yard) -> None:
    """It catches up after some looks."""
    ecs, cluster = yard.client("ecs"), yard.outputs["Cluster"]
    (task,) = run(yard, "sleep", "60")["tasks"]
    assert task["taskArn"] not in ecs.list_tasks(cluster=cluster)["taskArns"]
    yard.until(lambda: task["taskArn"] in ecs.list_tasks(cluster=cluster)["taskArns"])
    ecs.stop_task(cluster=cluster, task=task["taskArn"])


def test_a_task_has_the_size_of_its_overrides(yard: Yard) -> None:
    """Overrides of a size that is sold are the task's; another is refused as ECS does."""
    (task,) = run(yard, "true", cpu="512", memory="1024")["tasks"]
    assert (task["cpu"], task["memory"]) == ("512", "1024")
    assert "No Fargate configuration exists" in refusal(yard, "true", cpu="256", memory="8192")


def test_overrides_that_are_too_long_are_refused(yard: Yard) -> None:
    """More than 8,192 characters are refused before anything starts."""
    assert "at most 8192" in refusal(yard, "echo", "x" * 8192)


def test_a_task_in_a_missing_cluster_is_refused(yard: Yard) -> None:
    """To ask for a task there is refused, and brings no cluster about."""
    ecs = yard.client("ecs")
    before = ecs.list_clusters()["clusterArns"]
    with pytest.raises(ClientError, match="Cluster not found"):
        ecs.run_task(cluster="gone", taskDefinition=yard.outputs["Once"], **yard.placed)
    assert ecs.list_clusters()["clusterArns"] == before


def test_a_task_over_its_memory_is_killed(yard: Yard) -> None:
    """A task that takes more than its memory is killed, with the words that AWS has for it."""
    (task,) = run(yard, "python", "-c", GREEDY)["tasks"]
    ended = yard.reached(task["taskArn"], "STOPPED")
    (container,) = ended["containers"]
    assert container["exitCode"] == 137
    assert container["reason"] == "OutOfMemoryError: Container killed due to memory usage"
    assert ended["stoppedReason"].startswith("OutOfMemoryError")


def test_injected_faults_fail_calls_and_are_logged(yard: Yard) -> None:
    """By rule a call is throttled or finds no capacity; afterwards all is well, and the trail has all of it."""
    seen = len(trail(yard.emulator.directory))
    throttled = Fault(action="RunTask", times=1, error="InvalidParameterException", message="Rate exceeded")
    put_faults(
        yard.emulator.directory, (throttled, Fault(action="RunTask", failure="Capacity is unavailable at this time"))
    )
    assert "Rate exceeded" in refusal(yard, "true")
    assert run(yard, "true")["failures"][0]["reason"] == "Capacity is unavailable at this time"
    assert run(yard, "true")["failures"] == []
    calls = [action for _, action in trail(yard.emulator.directory)[seen:] if action != CONTAINER_RUNS]
    assert calls == ["RunTask"] * 3


@pytest.mark.parametrize(("action", "call"), [("DescribeTasks", "describe_tasks"), ("StopTask", "stop_task")])
def test_other_calls_about_tasks_can_fail_too(yard: Yard, action: str, call: str) -> None:
    """A test can let every call of an executor fail."""
    request = {"tasks": ["1"]} if action == "DescribeTasks" else {"task": "1"}
    put_faults(yard.emulator.directory, (Fault(action=action, error="ServerException", times=9),))
    with pytest.raises(ClientError, match="ServerException"):
        getattr(yard.client("ecs"), call)(cluster=yard.outputs["Cluster"], **request)
    put_faults(yard.emulator.directory, ())
