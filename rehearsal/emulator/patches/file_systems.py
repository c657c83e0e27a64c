"""EFS is a directory of the emulator: access points are bind mounts, and a deleted file system loses its files."""
# ruff: noqa: SLF001  what needs correcting is not public

import shutil
from pathlib import Path
from typing import Any, Protocol

from ministack.services import efs

from rehearsal.emulator.containers.engine import TASK_VOLUME
from rehearsal.emulator.containers.root_filesystem import Mount
from rehearsal.emulator.patches.handlers import ResourceHandlers
from rehearsal.emulator.rules.settings import Settings

KIND = "AWS::EFS::FileSystem"


class MayMount(Protocol):
    """Refuses a volume that a task may not mount."""

    def __call__(self, volume: dict[str, Any], *, write: bool) -> bool:
        """Return whether the task may write to it; False when it does not want to."""
        ...


def apply(handlers: ResourceHandlers, settings: Settings) -> None:
    """Delete the files with the file system."""
    delete = handlers.original(KIND, "delete")

    def delete_with_files(physical_id: str, properties: Any) -> None:
        delete(physical_id, properties)
        shutil.rmtree(_directory(settings) / physical_id, ignore_errors=True)

    handlers.put(KIND, delete=delete_with_files)


def mounts(
    definition: dict[str, Any], container: dict[str, Any], settings: Settings, may_mount: MayMount
) -> tuple[Mount, ...]:
    """Return the mounts of one container of a task definition; without the right to write they are read-only.

    Raises:
        ValueError: the access point or file system does not exist, has no mount target, or may not be mounted; in the
            words of ECS.
    """
    volumes = {volume["name"]: volume for volume in definition.get("volumes") or ()}
    return tuple(
        _mount(volumes[point["sourceVolume"]], point, settings, may_mount)
        for point in container.get("mountPoints") or ()
    )


def _mount(volume: dict[str, Any], point: dict[str, Any], settings: Settings, may_mount: MayMount) -> Mount:
    source = _source(volume, settings)
    read_only = bool(point.get("readOnly"))
    if volume.get("efsVolumeConfiguration"):
        read_only = not may_mount(volume, write=not read_only)
    return Mount(source, point["containerPath"], read_only)


def _source(volume: dict[str, Any], settings: Settings) -> str:
    wanted = volume.get("efsVolumeConfiguration")
    if not wanted:
        return TASK_VOLUME + str(volume["name"])
    file_system = wanted["fileSystemId"]
    access_point = (wanted.get("authorizationConfig") or {}).get("accessPointId")
    if file_system not in efs._file_systems or (access_point and access_point not in efs._access_points):
        raise ValueError(_refusal(f"{access_point or file_system} does not exist"))
    if not any(target["FileSystemId"] == file_system for target in efs._mount_targets.values()):
        raise ValueError(_refusal(f"{file_system} has no mount target"))
    root = wanted.get("rootDirectory") or "/"
    if access_point:
        root = efs._access_points[access_point]["RootDirectory"].get("Path", "/")
    return str(_directory(settings) / file_system) + root


def _refusal(reason: str) -> str:
    return f"failed to invoke EFS utils commands to set up EFS volumes: {reason}"


def _directory(settings: Settings) -> Path:
    return settings.path / "efs"
