"""The promises of rehearsal/emulator/patches/tasks.py, in an emulator."""

import signal

import pytest

from tests.rehearsal.yard import IMAGE, Yard

pytestmark = pytest.mark.rehearsal


def test_an_unknown_image_is_refused(yard: Yard) -> None:
    """A task whose image stands for nothing fails the way ECS says it."""
    ended = yard.reached(yard.launch(definition="Missing"), "STOPPED")
    assert ended["stopCode"] == "TaskFailedToStart"
    assert ended["stoppedReason"].startswith("CannotPullContainerError:")


def test_a_stopped_task_gets_sigterm_and_keeps_its_exit_code(yard: Yard) -> None:
    """StopTask sends SIGTERM, and the task is STOPPED only when its process has ended, with the process's own code."""
    task = yard.launch("bash", "-c", "trap 'sleep 0.3; echo bye; exit 7' TERM; echo up; while :; do sleep 0.05; done")
    yard.reached(task, "RUNNING")
    log = yard.emulator.directory / "logs" / f"{task.rsplit('/', 1)[1]}-once.log"
    yard.until(lambda: "up" in log.read_text(encoding="utf-8"))
    answer = yard.client("ecs").stop_task(cluster=yard.outputs["Cluster"], task=task, reason="enough")
    assert answer["task"]["lastStatus"] == "DEACTIVATING"
    ended = yard.reached(task, "STOPPED")
    assert ended["containers"][0]["exitCode"] == 7
    assert ended["stoppedReason"] == "enough"
    assert yard.lines_of(ended) == ["up", "bye"]


def test_an_init_process_passes_signals_on(yard: Yard) -> None:
    """A program that has no handler yet ends by SIGTERM; as pid 1 it would go on until SIGKILL."""
    task = yard.launch("sh", "-c", "exec sleep 1000")
    yard.reached(task, "RUNNING")
    yard.client("ecs").stop_task(cluster=yard.outputs["Cluster"], task=task, reason="enough")
    assert yard.reached(task, "STOPPED")["containers"][0]["exitCode"] == 128 + signal.SIGTERM


def test_an_end_has_the_words_of_aws(yard: Yard) -> None:
    """A task whose container ends by itself is stopped for the reason that ECS gives."""
    ended = yard.reached(yard.launch("true"), "STOPPED")
    assert ended["stoppedReason"] == "Essential container in task exited"


def test_a_missing_log_group_keeps_a_task_from_starting(yard: Yard) -> None:
    """Fargate refuses it; MiniStack starts the task without logs."""
    options = {"awslogs-group": "/not/there", "awslogs-region": "eu-central-1", "awslogs-stream-prefix": "x"}
    container = {"name": "silent", "image": IMAGE, "command": ["true"]}
    once = yard.client("ecs").describe_task_definition(taskDefinition=yard.outputs["Once"])["taskDefinition"]
    definition = yard.client("ecs").register_task_definition(
        family="silent",
        cpu="256",
        memory="512",
        executionRoleArn=once["executionRoleArn"],
        networkMode="awsvpc",
        containerDefinitions=[{**container, "logConfiguration": {"logDriver": "awslogs", "options": options}}],
    )["taskDefinition"]["taskDefinitionArn"]
    where = {"cluster": yard.outputs["Cluster"], **yard.placed}
    (task,) = yard.client("ecs").run_task(taskDefinition=definition, **where)["tasks"]
    ended = yard.reached(task["taskArn"], "STOPPED")
    assert ended["stopCode"] == "TaskFailedToStart"
    assert "The specified log group does not exist. (/not/there)" in ended["stoppedReason"]


def test_a_task_that_fails_its_health_check_is_replaced(yard: Yard) -> None:
    """The service stops it with the reason of ECS and starts another."""
    check = {"command": ["CMD", "false"], "interval": 1, "retries": 1}
    container = {"name": "sick", "image": IMAGE, "command": ["sleep", "600"], "healthCheck": check, "stopTimeout": 2}
    definition = yard.client("ecs").register_task_definition(
        family="sick", cpu="256", memory="512", networkMode="awsvpc", containerDefinitions=[container]
    )["taskDefinition"]["taskDefinitionArn"]
    service = yard.serve(definition, serviceName="sick")
    yard.until(lambda: bool(yard.tasks(service, "STOPPED")))
    assert yard.tasks(service, "STOPPED")[0]["stoppedReason"] == "Task failed container health checks"
    yard.dismiss(service)


def test_a_task_that_is_scaled_down_keeps_its_exit_code(yard: Yard) -> None:
    """The service's own scheduler stops tasks as StopTask does."""
    script = "trap 'exit 7' TERM; echo up; while :; do sleep 0.05; done"
    container = {"name": "spare", "image": IMAGE, "command": ["bash", "-c", script]}
    definition = yard.client("ecs").register_task_definition(
        family="spare", cpu="256", memory="512", networkMode="awsvpc", containerDefinitions=[container]
    )["taskDefinition"]["taskDefinitionArn"]
    service = yard.serve(definition, serviceName="spare")
    logs = yard.emulator.directory / "logs"
    yard.until(lambda: any("up" in file.read_text(encoding="utf-8") for file in logs.glob("*-spare.log")))
    (task,) = yard.tasks(service)
    yard.client("ecs").update_service(cluster=yard.outputs["Cluster"], service=service, desiredCount=0)
    ended = yard.reached(task["taskArn"], "STOPPED")
    assert ended["containers"][0]["exitCode"] == 7
    assert ended["stoppedReason"].startswith("Scaling activity initiated by (deployment ecs-svc/")
    yard.dismiss(service)


def test_a_task_that_has_ended_gives_up_its_network(yard: Yard) -> None:
    """Its address has no name any more, although nobody has stopped it."""
    task = yard.launch("sleep", "0.5")
    yard.reached(task, "RUNNING")
    hosts = yard.emulator.directory / "etc" / "hosts"
    (address,) = [
        one["value"]
        for one in yard.reached(task, "STOPPED")["attachments"][0]["details"]
        if one["name"] == "privateIPv4Address"
    ]
    yard.until(lambda: f"{address} " not in hosts.read_text(encoding="utf-8"))
