"""The promises of rehearsal/emulator/patches/file_systems.py, in an emulator."""

from typing import Any

import pytest

from tests.rehearsal.yard import IMAGE, Yard

pytestmark = pytest.mark.rehearsal


def test_an_access_point_is_a_mount_that_tasks_share(yard: Yard) -> None:
    """What one task writes another reads, below the root directory of the access point."""
    yard.run("sh", "-c", "echo written > /opt/shelf/shared")
    assert yard.run("cat", "/opt/shelf/shared") == ["written"]
    (file_system,) = (yard.emulator.directory / "efs").iterdir()
    assert (file_system / "shelf" / "shared").read_text(encoding="utf-8") == "written\n"


def test_a_missing_access_point_keeps_the_task_from_starting(yard: Yard) -> None:
    """With the words of ECS."""
    described = yard.client("ecs").describe_task_definition(taskDefinition=yard.outputs["Once"])["taskDefinition"]
    efs = described["volumes"][0]["efsVolumeConfiguration"]
    gone = {**efs, "authorizationConfig": {"accessPointId": "fsap-0123456789abcdef0", "iam": "ENABLED"}}
    assert "fsap-0123456789abcdef0 does not exist" in _reason(yard, gone)


def test_a_file_system_without_mount_target_keeps_the_task_from_starting(yard: Yard) -> None:
    """ECS cannot reach it from any subnet."""
    file_system = yard.client("efs").create_file_system(CreationToken="lonely")["FileSystemId"]
    assert f"{file_system} has no mount target" in _reason(yard, {"fileSystemId": file_system})


def test_a_deleted_file_system_loses_its_files(yard: Yard) -> None:
    """The next one with the same identity would otherwise find them."""
    files = {"Type": "AWS::EFS::FileSystem", "DeletionPolicy": "Delete"}
    stack = yard.create("files", {"Files": files}, outputs={"Files": {"Ref": "Files"}})
    directory = yard.emulator.directory / "efs" / yard.output(stack, "Files")
    directory.mkdir()
    (directory / "letter").touch()
    assert yard.delete(stack) == "DELETE_COMPLETE"
    assert not directory.exists()


def _reason(yard: Yard, efs: dict[str, Any]) -> str:
    """Why a task with such a volume does not start."""
    mounts = [{"sourceVolume": "files", "containerPath": "/files"}]
    definition = yard.client("ecs").register_task_definition(
        family="unmounted",
        cpu="256",
        memory="512",
        networkMode="awsvpc",
        volumes=[{"name": "files", "efsVolumeConfiguration": efs}],
        containerDefinitions=[{"name": "unmounted", "image": IMAGE, "command": ["true"], "mountPoints": mounts}],
    )["taskDefinition"]["taskDefinitionArn"]
    where = {"cluster": yard.outputs["Cluster"], **yard.placed}
    (task,) = yard.client("ecs").run_task(taskDefinition=definition, **where)["tasks"]
    ended = yard.reached(task["taskArn"], "STOPPED")
    assert ended["stopCode"] == "TaskFailedToStart"
    return str(ended["stoppedReason"])
