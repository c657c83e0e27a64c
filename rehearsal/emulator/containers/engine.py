"""The container engine of the emulator: takes what MiniStack would ask of Docker and starts real processes."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rehearsal.emulator.containers import image_store, root_filesystem
from rehearsal.emulator.containers.container import Container, Order
from rehearsal.emulator.containers.root_filesystem import Mount, Plan
from rehearsal.emulator.networking import tls
from rehearsal.emulator.networking.hosts_file import Names, host_name, task_names
from rehearsal.emulator.networking.network import CREDENTIALS_ADDRESS, GATEWAY, TaskNetwork
from rehearsal.emulator.oidc import provider
from rehearsal.emulator.rules import fault_injection
from rehearsal.emulator.rules.settings import Settings

LABEL_TASK = "com.amazonaws.ecs.task-arn"
LABEL_CONTAINER = "com.amazonaws.ecs.container-name"
TASK_VOLUME = "task:"
"""Source of a mount that is a volume of the task itself, followed by its name."""
USERS = {"root": 0, "airflow": 50000}


class CannotPullError(Exception):
    """No environment stands for the image."""


class TaskSandbox:
    """What the containers of one task share: the network and the task's own volumes."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.network = TaskNetwork()
        self.containers: dict[str, Container] = {}

    def close(self) -> None:
        """Give the network and the volumes back."""
        self.network.close()
        shutil.rmtree(self.directory, ignore_errors=True)


class Engine:
    """All containers of the emulator."""

    def __init__(self, settings: Settings, names: Names) -> None:
        self.settings = settings
        self.names = names
        self.on_health: Callable[[Container], None] = lambda _: None
        self._rooms: dict[str, TaskSandbox] = {}
        self._containers: dict[str, Container] = {}
        self._lock = threading.RLock()

    def run(self, reference: str, request: Mapping[str, Any]) -> Container:
        """Start one container of a task; waits for what it depends on first.

        Raises:
            CannotPullError: no environment stands for the reference, or a rule says that it cannot be pulled.
        """
        image = image_store.find(self.settings.path, reference)
        if image is None or fault_injection.take_fault(self.settings.path, fault_injection.PULL_IMAGE):
            raise CannotPullError(
                f"pull image manifest has been retried 1 time(s): failed to resolve ref {reference}: not found"
            )
        definition = request["definition"]
        task = request["labels"][LABEL_TASK].rsplit("/", 1)[1]
        room = self._room(task)
        try:
            self._await_dependencies(room, definition)
            order = self._order(task, room, image, request)
            container = Container(order, lambda checked: self.on_health(checked))  # noqa: PLW0108  bound later
        except Exception:
            self._close_if_empty(task)
            raise
        with self._lock:
            if self._rooms.get(task) is room:
                room.containers[order.name] = container
                self._containers[container.id] = container
                fault_injection.note(self.settings.path, fault_injection.CONTAINER_RUNS)
                return container
        container.kill()
        raise RuntimeError("the task was stopped while it started")

    def get(self, container_id: str) -> Container:
        """The container with this id.

        Raises:
            KeyError: it was removed, or never was.
        """
        return self._containers[container_id]

    def tasks(self) -> tuple[str, ...]:
        """The tasks that have containers now."""
        with self._lock:
            return tuple(self._rooms)

    def of_task(self, task: str) -> tuple[Container, ...]:
        """The containers of a task that were not removed yet."""
        with self._lock:
            room = self._rooms.get(task)
            return tuple(room.containers.values()) if room else ()

    def end(self, task: str) -> None:
        """Stop all containers of a task side by side and give back what they had."""
        containers = self.of_task(task)
        if containers:
            with ThreadPoolExecutor(len(containers)) as pool:
                list(pool.map(lambda container: container.stop(), containers))
        with self._lock:
            for container in containers:
                self._containers.pop(container.id, None)
            room = self._rooms.pop(task, None)
        if room:
            self.names.say(f"task {task}", ())
            room.close()

    def _room(self, task: str) -> TaskSandbox:
        with self._lock:
            if task not in self._rooms:
                room = self._rooms[task] = TaskSandbox(self.settings.path / "tasks" / task)
                address = room.network.address
                self.names.say(f"task {task}", [(address, task_names(address, self.settings.region))])
            return self._rooms[task]

    def _close_if_empty(self, task: str) -> None:
        if not self.of_task(task):
            self.end(task)

    def _await_dependencies(self, room: TaskSandbox, definition: Mapping[str, Any]) -> None:
        """MiniStack starts containers one after the other, so waiting here is what `dependsOn` means."""
        for dependency in definition.get("dependsOn") or ():
            name, condition = dependency["containerName"], dependency["condition"]
            while not (met := room.containers[name].meets(condition)):
                if met is None:
                    raise RuntimeError(f"container {name} ended without reaching {condition}")
                time.sleep(0.1)

    def _order(self, task: str, room: TaskSandbox, image: image_store.Image, request: Mapping[str, Any]) -> Order:
        definition, name = request["definition"], request["labels"][LABEL_CONTAINER]
        user, group = numeric_user(definition.get("user") or image.user)
        address = room.network.address
        base = self.settings.path
        volumes = tuple(self._mount(mount, room) for mount in request["mounts"])
        parts: tuple[Mount, ...] = (
            *root_filesystem.machine_mounts(str(base / "etc")),
            *root_filesystem.environment_mounts(Path(image.environment)),
            *(Mount(folder, folder, read_only=True) for folder in image.mounts),
        )
        if self.settings.identity_environment:
            trusted = tls.authority(base / "tls")
            parts = (*parts, Mount(str(trusted), provider.TRUST_FILE, read_only=True))
        plan = Plan(
            root=str(base / "root"),
            mounts=root_filesystem.in_order((*parts, *volumes)),
            command=command_line(definition, image, request.get("command")),
            user=user,
            group=group,
            host_name=host_name(address, self.settings.region),
            init=bool((definition.get("linuxParameters") or {}).get("initProcessEnabled")),
            network=room.network.namespace,
            working_directory=definition.get("workingDirectory") or image.working_directory,
            links=root_filesystem.machine_links(),
        )
        log_file = base / "logs" / f"{task}-{name}.log"
        own = {"HOSTNAME": plan.host_name, "HOME": "/root" if user == 0 else "/home/airflow"}
        variables = {**image_variables(image), **own, **self._aws_variables(request)}
        return Order(task, name, plan, variables, definition, address, log_file, memory=request.get("memory", 0))

    def _mount(self, mount: Mount, room: TaskSandbox) -> Mount:
        source = mount.source
        if source.startswith(TASK_VOLUME):
            source = str(room.directory / source.removeprefix(TASK_VOLUME))
        Path(source).mkdir(parents=True, exist_ok=True)
        return Mount(source, mount.target, mount.read_only)

    def _aws_variables(self, request: Mapping[str, Any]) -> dict[str, str]:
        """The task's environment with MiniStack's addresses replaced by what Fargate sets."""
        given = dict(request["environment"])
        token = given.pop("AWS_CONTAINER_CREDENTIALS_FULL_URI", "").rsplit("/", 1)[-1]
        given.pop("AWS_CONTAINER_AUTHORIZATION_TOKEN", None)
        metadata = given.get("ECS_CONTAINER_METADATA_URI_V4", "").partition("/v4/")[2]
        region = self.settings.region
        if request.get("task_role"):
            given["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = f"/v2/credentials/{token}"
        given["ECS_CONTAINER_METADATA_URI_V4"] = f"http://{CREDENTIALS_ADDRESS}/v4/{metadata}"
        given["AWS_ENDPOINT_URL"] = f"http://{GATEWAY}:{self.settings.gateway_port}"
        trust = provider.TRUST if self.settings.identity_environment else {}
        fixed = {"AWS_REGION": region, "AWS_DEFAULT_REGION": region, "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE"}
        return {**fixed, **trust, **given}


def image_variables(image: image_store.Image) -> dict[str, str]:
    """The environment the image itself brings."""
    path = f"{image.environment}/bin:/usr/local/bin:/usr/bin:/bin"
    return {"PATH": path, "LANG": "C.UTF-8", **image.variables}


def command_line(definition: Mapping[str, Any], image: image_store.Image, command: Any) -> tuple[str, ...]:
    """Entry point and command as Docker joins them: an own entry point replaces the image's."""
    entrypoint = definition.get("entryPoint") or image.entrypoint
    line = (*entrypoint, *(command or ()))
    if not line:
        raise ValueError(f"container {definition['name']} has neither a command nor an entry point")
    return line


def numeric_user(user: str) -> tuple[int, int]:
    """User and group numbers of a definition's `user`: name, number, or either with a group after a colon."""
    name, _, group = user.partition(":")
    number = int(name) if name.isdigit() else USERS.get(name, 50000)
    return number, int(group) if group.isdigit() else 0


def write_configuration(directory: Path) -> None:
    """The few files of /etc every container shares; no name server, so that unknown names fail at once."""
    directory.mkdir(parents=True, exist_ok=True)
    texts = {
        "passwd": "root:x:0:0:root:/root:/bin/sh\nairflow:x:50000:0::/home/airflow:/bin/bash\n"
        "database:x:999:999::/home/airflow:/bin/sh\nnobody:x:65534:65534::/:/usr/sbin/nologin\n",
        "group": "root:x:0:\nairflow:x:50000:\ndatabase:x:999:\nnogroup:x:65534:\n",
        "resolv.conf": "options timeout:1 attempts:1\n",
        "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    }
    for name, text in texts.items():
        (directory / name).write_text(text, encoding="utf-8")
        os.chmod(directory / name, 0o644)  # noqa: PTH101
