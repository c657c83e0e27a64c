"""The container engine of the emulator: starts real processes where MiniStack would ask Docker for containers."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rehearsal.emulator.containers import image_store, root_filesystem
from rehearsal.emulator.containers.container import Container, ContainerSpec
from rehearsal.emulator.containers.root_filesystem import Mount, ProcessSpec
from rehearsal.emulator.context import Context
from rehearsal.emulator.iam.task_roles import TaskRole
from rehearsal.emulator.networking.hosts_file import host_name, task_names
from rehearsal.emulator.networking.network import CREDENTIALS_ADDRESS, GATEWAY, TaskNetwork
from rehearsal.emulator.oidc import provider
from rehearsal.emulator.rules import fault_injection

TASK_VOLUME = "task:"
"""Source of a mount that is a volume of the task itself, followed by its name."""
DEPENDENCY_POLL_SECONDS = 0.1
PLATFORMS: Mapping[str, str] = {"X86_64": "linux/amd64", "ARM64": "linux/arm64"}
"""How containers name the `cpuArchitecture` of a task definition."""
USERS = {"root": 0, "airflow": 50000}


class CannotPullError(Exception):
    """No virtual environment stands for the image, or it is one for other processors."""


@dataclass(frozen=True, kw_only=True)
class RunRequest:
    """What ECS wants to run as one container of a task."""

    task: str
    """The id of the task, the last part of its ARN."""
    definition: Mapping[str, Any]
    """The container definition, as RegisterTaskDefinition takes it."""
    command: Sequence[str] | None
    variables: Mapping[str, str]
    """Environment and secrets of the definition, and the addresses that MiniStack adds."""
    mounts: tuple[Mount, ...]
    task_role: str | None
    memory: int
    """MiB that the whole task may use; 0 when there is no limit."""
    architecture: str = "X86_64"
    """The processors of the task, as its definition's runtime platform names them."""


class TaskSandbox:
    """What the containers of one task share: the network and the task's own volumes."""

    def __init__(self, directory: Path, network: TaskNetwork) -> None:
        self.directory = directory
        self.network = network
        self.containers: dict[str, Container] = {}

    def close(self) -> None:
        """Remove the network and the volumes."""
        self.network.close()
        shutil.rmtree(self.directory, ignore_errors=True)


class Engine:
    """All containers of the emulator."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.settings = context.settings
        self.on_health: Callable[[Container], None] = lambda _: None
        self.on_join: Callable[[], None] = lambda: None
        """Called when a task has its network and no container yet."""
        self._sandboxes: dict[str, TaskSandbox] = {}
        self._containers: dict[str, Container] = {}
        self._lock = threading.RLock()

    def run(self, reference: str, request: RunRequest) -> Container:
        """Start one container of a task; waits for its dependencies first.

        Raises:
            CannotPullError: no virtual environment stands for the reference, it is one for other processors, or an
                injected fault prevents the pull.
        """
        image = image_store.find(self.settings.path, reference)
        if image is None or self.context.faults.take(fault_injection.PULL_IMAGE):
            raise CannotPullError(
                f"pull image manifest has been retried 1 time(s): failed to resolve ref {reference}: not found"
            )
        refuse_other_processors(image, request.architecture)
        sandbox = self._sandbox(request.task)
        try:
            _await_dependencies(sandbox, request.definition)
            spec = self._spec(request, image, sandbox)
            container = Container(spec, lambda checked: self.on_health(checked))  # noqa: PLW0108  bound later
        except Exception:
            self._close_if_empty(request.task)
            raise
        with self._lock:
            if self._sandboxes.get(request.task) is sandbox:
                sandbox.containers[spec.name] = container
                self._containers[container.id] = container
                self.context.faults.log_call(fault_injection.CONTAINER_RUNS)
                return container
        container.kill()
        raise RuntimeError("the task was stopped while it started")

    def get(self, container_id: str) -> Container:
        """Return the container with this id.

        Raises:
            KeyError: there is no such container, or it was removed.
        """
        return self._containers[container_id]

    def tasks(self) -> tuple[str, ...]:
        """Return the tasks that have containers now."""
        with self._lock:
            return tuple(self._sandboxes)

    def of_task(self, task: str) -> tuple[Container, ...]:
        """Return the containers of a task that are not removed yet."""
        with self._lock:
            sandbox = self._sandboxes.get(task)
            return tuple(sandbox.containers.values()) if sandbox else ()

    def end(self, task: str) -> None:
        """Stop all containers of a task side by side, then remove its network and volumes."""
        containers = self.of_task(task)
        if containers:
            with ThreadPoolExecutor(len(containers)) as pool:
                list(pool.map(lambda container: container.stop(), containers))
        with self._lock:
            for container in containers:
                self._containers.pop(container.id, None)
            sandbox = self._sandboxes.pop(task, None)
        self.context.task_roles.remove(task)
        if sandbox:
            self.context.hosts_file.put(f"task {task}", ())
            sandbox.close()

    def _sandbox(self, task: str) -> TaskSandbox:
        with self._lock:
            if task not in self._sandboxes:
                network = self.context.network.join(f"task {task}")
                self._sandboxes[task] = TaskSandbox(self.settings.path / "tasks" / task, network)
                names = task_names(network.address, self.settings.region)
                self.context.hosts_file.put(f"task {task}", [(network.address, names)])
                self.on_join()
            return self._sandboxes[task]

    def _close_if_empty(self, task: str) -> None:
        if not self.of_task(task):
            self.end(task)

    def _spec(self, request: RunRequest, image: image_store.Image, sandbox: TaskSandbox) -> ContainerSpec:
        process = self._process(request, image, sandbox)
        own = {"HOSTNAME": process.host_name, "HOME": "/root" if process.user == 0 else "/home/airflow"}
        name = str(request.definition["name"])
        return ContainerSpec(
            task=request.task,
            name=name,
            process=process,
            variables={**image_variables(image), **own, **self._aws_variables(request)},
            definition=request.definition,
            address=sandbox.network.address,
            log_file=self.settings.path / "logs" / f"{request.task}-{name}.log",
            memory=request.memory,
        )

    def _process(self, request: RunRequest, image: image_store.Image, sandbox: TaskSandbox) -> ProcessSpec:
        definition = request.definition
        user, group = numeric_user(definition.get("user") or image.user)
        volumes = tuple(_in_sandbox(mount, sandbox) for mount in request.mounts)
        return ProcessSpec(
            root=str(self.settings.path / "root"),
            mounts=root_filesystem.in_order((*self._image_mounts(image), *volumes)),
            command=command_line(definition, image, request.command),
            user=user,
            group=group,
            host_name=host_name(sandbox.network.address, self.settings.region),
            init_process=bool((definition.get("linuxParameters") or {}).get("initProcessEnabled")),
            network=sandbox.network.namespace,
            working_directory=definition.get("workingDirectory") or image.working_directory,
            links=(*(() if image.root else root_filesystem.machine_links()), *image.links.items()),
            image=image.root,
        )

    def _image_mounts(self, image: image_store.Image) -> tuple[Mount, ...]:
        etc = str(self.settings.path / "etc")
        below = (
            root_filesystem.image_mounts(etc)
            if image.root
            else (
                *root_filesystem.machine_mounts(etc),
                *root_filesystem.environment_mounts(Path(image.environment)),
            )
        )
        return (
            *below,
            *(Mount(folder, path, read_only=True) for path, folder in image.mounts.items()),
            *(Mount(str(self.context.certificates.authority()), path, read_only=True) for path in self._trusting()),
        )

    def _trusting(self) -> Iterator[str]:
        """Yield the files of containers in which the emulator's authority is, besides those of images."""
        if self.settings.identity_environment:
            yield provider.TRUST_FILE
        if (outside := self.settings.outside_database) and outside.authorities:
            yield outside.authorities

    def _aws_variables(self, request: RunRequest) -> dict[str, str]:
        """Return the variables of a request, with MiniStack's addresses replaced by what Fargate sets."""
        variables = dict(request.variables)
        token = variables.pop("AWS_CONTAINER_CREDENTIALS_FULL_URI", "").rsplit("/", 1)[-1]
        variables.pop("AWS_CONTAINER_AUTHORIZATION_TOKEN", None)
        metadata = variables.get("ECS_CONTAINER_METADATA_URI_V4", "").partition("/v4/")[2]
        region = self.settings.region
        if request.task_role:
            self.context.task_roles.put(token, TaskRole(request.task_role, request.task))
            variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = f"/v2/credentials/{token}"
        variables["ECS_CONTAINER_METADATA_URI_V4"] = f"http://{CREDENTIALS_ADDRESS}/v4/{metadata}"
        variables["AWS_ENDPOINT_URL"] = f"http://{GATEWAY}:{self.settings.gateway_port}"
        trust = provider.TRUST if self.settings.identity_environment else {}
        fixed = {"AWS_REGION": region, "AWS_DEFAULT_REGION": region, "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE"}
        return {**fixed, **trust, **variables}


def _await_dependencies(sandbox: TaskSandbox, definition: Mapping[str, Any]) -> None:
    """Wait for each `dependsOn`; MiniStack starts containers one after the other, so the wait belongs here."""
    for dependency in definition.get("dependsOn") or ():
        name, condition = dependency["containerName"], dependency["condition"]
        while not (met := sandbox.containers[name].meets(condition)):
            if met is None:
                raise RuntimeError(f"container {name} ended without reaching {condition}")
            time.sleep(DEPENDENCY_POLL_SECONDS)


def _in_sandbox(mount: Mount, sandbox: TaskSandbox) -> Mount:
    """Return a mount whose source is a folder of this machine; make the folder when it is missing."""
    source = mount.source
    if source.startswith(TASK_VOLUME):
        source = str(sandbox.directory / source.removeprefix(TASK_VOLUME))
    Path(source).mkdir(parents=True, exist_ok=True)
    return replace(mount, source=source)


def refuse_other_processors(image: image_store.Image, architecture: str) -> None:
    """Refuse an image that does not run on the processors of the task. Raises `CannotPullError`.

    Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html.
    """
    if image.architecture and image.architecture != architecture:
        raise CannotPullError(
            "pull image manifest has been retried 1 time(s): image Manifest does not contain descriptor matching "
            f"platform '{PLATFORMS[architecture]}'"
        )


def image_variables(image: image_store.Image) -> dict[str, str]:
    """Return the variables of the image itself."""
    if image.root:
        return dict(image.variables)
    path = f"{image.environment}/bin:/usr/local/bin:/usr/bin:/bin"
    return {"PATH": path, "LANG": "C.UTF-8", **image.variables}


def command_line(
    definition: Mapping[str, Any], image: image_store.Image, command: Sequence[str] | None
) -> tuple[str, ...]:
    """Entry point and command as Docker joins them: the definition's entry point replaces the image's."""
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
