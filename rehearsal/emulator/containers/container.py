"""A container: one process tree in its own namespaces, with the few methods that MiniStack calls on Docker's."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rehearsal.emulator.containers import container_init, container_logs, root_filesystem
from rehearsal.emulator.containers.root_filesystem import Mount, ProcessSpec
from rehearsal.emulator.rules import fake_clock
from rehearsal.emulator.rules.health import Health, Rules, State

DEFAULT_STOP_SECONDS = 30
FIRST_CHECK_SECONDS = 3.0
EAGER_CHECK_SECONDS = 2.0
START_POLL_SECONDS = 0.01
"""Between looks for the first process of a container that has to stop before it has one."""
DRAIN_SECONDS = 3.0
"""How long an ended container counts as running, so that CloudWatch gets its last lines before its end."""
UMASK = 0o022
"""What Docker starts a container with; the emulator itself writes for nobody else."""
TOOLS = "/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True, kw_only=True)
class ContainerSpec:
    """Everything about a container that is decided before it starts."""

    task: str
    name: str
    process: ProcessSpec
    variables: Mapping[str, str]
    definition: Mapping[str, Any]
    address: str
    log_file: Path
    memory: int = 0
    """MiB that the whole task may use; 0 when it may use what there is."""


class Container:
    """A started container; MiniStack reads `id`, `status` and `attrs` and calls `reload`, `wait`, `stop` and `logs`."""

    def __init__(self, spec: ContainerSpec, on_health: Callable[["Container"], None]) -> None:
        self.spec = by_clock_of_schedules(spec)
        self.id = uuid.uuid4().hex * 2
        self.status = "running"
        self.attrs = {
            "State": {"ExitCode": 0},
            "NetworkSettings": {"Networks": {"emulator": {"IPAddress": spec.address}}},
        }
        self.health = Health()
        self.out_of_memory = False
        self._on_health = on_health
        self._stopping = threading.Event()
        self._drained = threading.Event()
        if (spec.definition.get("logConfiguration") or {}).get("logDriver") != "awslogs":
            self._drained.set()
        self._noticed_end = 0.0
        self._started = time.monotonic()
        self._process = start(self.spec)
        if health_command(spec.definition):
            threading.Thread(target=self._watch_health, name=f"health-{spec.name}", daemon=True).start()

    @property
    def ended(self) -> bool:
        """Whether the last process of the container is gone."""
        return self._process.poll() is not None

    @property
    def pid(self) -> int:
        """The process outside that waits for the container's first."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """The code Docker would report: 128 + signal when a signal ended it."""
        code = self._process.poll()
        return 128 - code if code is not None and code < 0 else code

    def reload(self) -> None:
        """Bring `status` and `attrs` up to date."""
        if not self.ended:
            return
        self._noticed_end = self._noticed_end or time.monotonic()
        if self._drained.is_set() or time.monotonic() - self._noticed_end > DRAIN_SECONDS:
            self.status = "exited"
            self.attrs["State"] = {"ExitCode": self.exit_code or 0}

    def wait(self, **_: Any) -> dict[str, int]:
        """Wait for the end."""
        self._process.wait()
        return {"StatusCode": self.exit_code or 0}

    def stop(self, **_: Any) -> None:
        """Send SIGTERM to pid 1, wait for the definition's stopTimeout, then kill it with all other processes."""
        self._stopping.set()
        while self._first_process() is None and not self.ended:
            time.sleep(START_POLL_SECONDS)
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(float(self.spec.definition.get("stopTimeout") or DEFAULT_STOP_SECONDS))
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()
        self._drained.wait(DRAIN_SECONDS)  # its last lines are in the log before its task is STOPPED

    def kill(self) -> None:
        """End it at once: pid 1 dies with the process outside that waits for it."""
        self._stopping.set()
        self._process.kill()
        self._process.wait()

    def logs(self, **_: Any) -> Iterator[bytes]:
        """Yield whole lines of its output until it ends; ECS takes the end of this iterator for the container's end."""
        yield from container_logs.follow(self.spec.log_file, ended=lambda: self.ended)
        self._drained.set()

    def meets(self, condition: str) -> bool | None:
        """Whether a `dependsOn` condition holds; None when it can no longer hold."""
        if condition == "START":
            return True
        if condition == "HEALTHY":
            return None if self.ended else self.health.state is State.HEALTHY
        if not self.ended:
            return False
        return True if condition == "COMPLETE" or self.exit_code == 0 else None

    def run(self, command: Sequence[str], timeout: float) -> int:
        """Run one more command inside, as the container's user; return its exit code."""
        pid = self._first_process()
        if pid is None:
            return 1
        process = self.spec.process
        enter = ["nsenter", f"--target={pid}", "--mount", "--pid", "--net", "--uts"]
        user = ["unshare", "--user", f"--map-user={process.user}", f"--map-group={process.group}"]
        user.append(f"--wd={process.working_directory}")
        try:
            return subprocess.run(
                [tool(enter[0]), *enter[1:], "--", tool(user[0]), *user[1:], "--", *command],
                env=dict(self.spec.variables),
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=timeout,
                umask=UMASK,
            ).returncode
        except subprocess.TimeoutExpired:
            return 124

    def _signal(self, number: signal.Signals) -> None:
        pid = self._first_process()
        if pid is not None and not self.ended:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                return

    def _first_process(self) -> int | None:
        """Return the process number, as seen from outside, of pid 1 inside the container."""
        try:
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text("ascii")
        except FileNotFoundError:
            return None
        return int(children.split()[0]) if children.split() else None

    def _watch_health(self) -> None:
        rules, command = health_rules(self.spec.definition), health_command(self.spec.definition)
        pause = min(FIRST_CHECK_SECONDS, rules.interval)
        while not self._stopping.wait(pause) and not self.ended:
            passed = self.run(command, rules.timeout) == 0
            if self.ended or self._stopping.is_set():
                return
            before = self.health.state
            self.health = self.health.after(passed=passed, age=time.monotonic() - self._started, rules=rules)
            pause = self.health.pause(rules=rules, eager=EAGER_CHECK_SECONDS)
            if self.health.state is not before:
                self._on_health(self)


def start(spec: ContainerSpec) -> subprocess.Popen[str]:
    """Start the process tree; variables are passed as its environment alone, the process spec on standard input."""
    with spec.log_file.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-I", container_init.__file__],
            env=dict(spec.variables),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            umask=UMASK,
        )
    if process.stdin:
        process.stdin.write(json.dumps(asdict(spec.process)))
        process.stdin.close()
    return process


def by_clock_of_schedules(spec: ContainerSpec) -> ContainerSpec:
    """Return a container that keeps the time of the schedules, where the emulator has what that takes."""
    files = fake_clock.files_of_containers(Path(spec.process.root).parent)
    if not files:
        return spec
    own = (Mount(str(file), str(file), read_only=True) for file in files)
    mounts = root_filesystem.in_order((*spec.process.mounts, *own))
    variables = {**spec.variables, "LD_PRELOAD": str(files[0])}
    return replace(spec, process=replace(spec.process, mounts=mounts), variables=variables)


def tool(name: str) -> str:
    """Return the full path of a program of this machine, independent of the container's PATH."""
    found = next((Path(place) / name for place in TOOLS.split(":") if (Path(place) / name).exists()), None)
    if found is None:
        raise FileNotFoundError(name)
    return str(found)


def health_command(definition: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the command of a definition's health check; empty when it has none."""
    words = (definition.get("healthCheck") or {}).get("command") or ["NONE"]
    if words[0] == "CMD-SHELL":
        return ("/bin/sh", "-c", words[1])
    return tuple(words[1:]) if words[0] == "CMD" else () if words[0] == "NONE" else tuple(words)


def health_rules(definition: Mapping[str, Any]) -> Rules:
    """Return the rules of a definition's health check, with the defaults of ECS."""
    check = definition.get("healthCheck") or {}
    return Rules(
        interval=check.get("interval") or 30,
        timeout=check.get("timeout") or 5,
        successes=1,
        failures=check.get("retries") or 3,
        start_period=check.get("startPeriod") or 0,
    )
