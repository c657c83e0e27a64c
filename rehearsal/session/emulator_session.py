"""Makes and unmakes the emulator: an embedded AWS in private namespaces, reachable through two ports on loopback."""

import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rehearsal.clients.oidc_provider import Identity, Internet
from rehearsal.emulator.containers import container_logs, image_store
from rehearsal.emulator.networking import tls
from rehearsal.emulator.rules.settings import Settings
from rehearsal.host import namespaces, ports, processes
from rehearsal.host.errors import RehearsalFailure
from rehearsal.images.emulator_image import emulator_environment
from rehearsal.session import launch

FILE_NAME = "emulator.json"
START_SECONDS = 60
STOP_SECONDS = 15
POLL_SECONDS = 0.05
LOG_LINES = 12


@dataclass(frozen=True)
class _Child:
    """An emulator this process started, and our end of the pipe it watches: when that closes, the emulator ends."""

    process: subprocess.Popen[bytes]
    leash: int


_children: dict[int, _Child] = {}


@dataclass(frozen=True)
class EmulatorSession:
    """A running embedded AWS: where it is reached, and how it is found again."""

    directory: Path
    endpoint_url: str
    web_url: str
    gateway_port: int
    web_port: int
    pid: int
    born: int
    """Start time of the process in clock ticks: a process number alone may be another's by tomorrow."""

    @property
    def internet(self) -> Internet:
        """The emulator's names, as a browser on this machine reaches them."""
        return Internet(self.web_url, self.directory / "tls" / tls.AUTHORITY_NAME)


def start(
    directory: Path,
    *,
    gateway_port: int,
    web_port: int,
    region: str,
    account: str,
    cache: Path,
    detach: bool = False,
    identity: Identity | None = None,
) -> EmulatorSession:
    """Start an emulator and wait until it answers.

    Args:
        directory: where it keeps everything; must be new, empty, or hold an emulator that is dead.
        gateway_port: loopback port of the AWS API; 0 takes any free one.
        web_port: loopback port that leads to the first site, and to others as a proxy; 0 takes any free one.
        region: the AWS region it plays.
        account: the twelve-digit account it plays; clients use it as their access key.
        cache: where the emulator's own environment is built once and kept.
        detach: whether it outlives this process; otherwise it dies with it, even when that is killed.
        identity: who signs people in on its internet.

    Raises:
        RehearsalFailure: this machine cannot, a port is taken, or it did not come up.
    """
    walls = namespaces.find_walls()
    environment = emulator_environment(cache)
    directory = _make_room(directory)
    try:
        with (
            ports.listen(gateway_port, purpose="the AWS API") as gateway,
            ports.listen(web_port, purpose="the web page") as web,
        ):
            settings = Settings(
                directory=str(directory),
                gateway_port=ports.port_of(gateway),
                web_port=ports.port_of(web),
                region=region,
                account=account,
                gateway_door=gateway.fileno(),
                web_door=web.fileno(),
                parent_door=-1,
                **(identity.told if identity else {}),
            )
            emulator = _spawn(settings, walls, environment, detach=detach)
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    try:
        _await_answer(emulator)
        (directory / FILE_NAME).write_text(
            json.dumps({**asdict(emulator), "directory": str(directory)}), encoding="utf-8"
        )
    except BaseException:  # an interrupt too: whoever waits here has no emulator yet to stop
        stop(emulator)
        raise
    return emulator


def read(directory: Path) -> EmulatorSession:
    """The emulator kept in a directory.

    Raises:
        RehearsalFailure: there is none.
    """
    file = directory / FILE_NAME
    if not file.exists():
        raise RehearsalFailure(
            f"There is no rehearsal in {directory}.",
            "Nothing was kept there, or it was taken down already.",
            "Start one and keep it.",
        )
    told = json.loads(file.read_text(encoding="utf-8"))
    return EmulatorSession(**{**told, "directory": Path(told["directory"])})


def is_alive(emulator: EmulatorSession) -> bool:
    """Whether the emulator's process still runs."""
    return processes.born(emulator.pid) == emulator.born


def add_image(
    emulator: EmulatorSession,
    reference: str,
    environment: Path,
    *,
    entrypoint: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
    working_directory: str = "/",
    user: str = "50000:0",
    mounts: Sequence[Path] = (),
) -> None:
    """Let a virtual environment stand for an image, from the next container start on.

    Args:
        emulator: the emulator.
        reference: exactly as task definitions write it.
        environment: its `bin` comes first on the container's PATH.
        entrypoint: the image's own, for definitions that name none.
        variables: the environment the image brings.
        working_directory: where its commands start; made when missing.
        user: who runs it, `user:group` as numbers.
        mounts: folders of this machine, besides, that its programs lean on.
    """
    folders = tuple(str(folder.resolve()) for folder in mounts)
    image = image_store.Image(
        str(environment.resolve()), tuple(entrypoint), dict(variables or {}), working_directory, user, folders
    )
    image_store.put(emulator.directory, reference, image)


def stop(emulator: EmulatorSession) -> None:
    """End everything in the emulator at once and remove its directory. Does nothing twice."""
    if is_alive(emulator):
        processes.kill(emulator.pid, timeout=STOP_SECONDS)
    child = _children.pop(emulator.pid, None)
    if child:
        child.process.wait()
    if child and child.leash >= 0:
        os.close(child.leash)
    deadline = time.monotonic() + STOP_SECONDS
    while _remains(emulator) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    shutil.rmtree(emulator.directory, ignore_errors=True)


def leftovers(emulator: EmulatorSession) -> tuple[str, ...]:
    """What is still there of an emulator, one sentence each; nothing after a good stop."""
    found = _remains(emulator)
    found += [f"Network device still there: {name}" for name in processes.devices()]
    found += [f"Directory still there: {emulator.directory}"] if emulator.directory.exists() else []
    return tuple(found)


def _remains(emulator: EmulatorSession) -> list[str]:
    """What processes still hold of an emulator: one that ends is gone a moment before its ports are free."""
    found = [f"Process {pid} still runs: {what}" for pid, what in processes.touching(emulator.directory)]
    found += [f"Still mounted: {line}" for line in processes.mounts_of(emulator.directory, "self")]
    found += [
        f"Port {port} still answers" for port in (emulator.gateway_port, emulator.web_port) if ports.answers(port)
    ]
    return found


def last_words(emulator: EmulatorSession, lines: int = LOG_LINES) -> str:
    """The end of the emulator's own log."""
    return container_logs.tail(emulator.directory / launch.LOG_NAME, lines)


def _make_room(directory: Path) -> Path:
    directory = directory.absolute()
    if (directory / FILE_NAME).exists() and not is_alive(read(directory)):
        shutil.rmtree(directory)
    if directory.exists() and any(directory.iterdir()):
        raise RehearsalFailure(
            f"The directory {directory} is in use.",
            "A rehearsal runs there, or it holds other files.",
            "Take that rehearsal down, or name another directory.",
        )
    launch.furnish(directory)
    return directory


def _spawn(settings: Settings, walls: tuple[str, ...], environment: Path, *, detach: bool) -> EmulatorSession:
    """Start the emulator's process, on a leash unless it is to outlive this one."""
    watched, leash = (-1, -1) if detach else os.pipe()
    settings = replace(settings, parent_door=watched)
    settings.write()
    try:
        process = launch.spawn(settings, walls, environment)
    finally:
        if watched >= 0:
            os.close(watched)
    _children[process.pid] = _Child(process, leash)
    return EmulatorSession(
        directory=settings.path,
        endpoint_url=f"http://{ports.LOOPBACK}:{settings.gateway_port}",
        web_url=f"http://{ports.LOOPBACK}:{settings.web_port}",
        gateway_port=settings.gateway_port,
        web_port=settings.web_port,
        pid=process.pid,
        born=processes.born(process.pid) or 0,
    )


def _await_answer(emulator: EmulatorSession) -> None:
    process = _children[emulator.pid].process
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{emulator.endpoint_url}/_ministack/health", timeout=1):  # noqa: S310  loopback
                return
        except OSError:
            time.sleep(POLL_SECONDS)
    why = f"It ended with status {process.returncode}." if process.returncode is not None else "It did not answer."
    raise RehearsalFailure("The embedded AWS did not start.", f"{why} The end of its log:\n{last_words(emulator)}")
