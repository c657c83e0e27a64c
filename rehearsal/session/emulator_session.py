"""Starts and stops the emulator: an embedded AWS in private namespaces, reachable through two ports on loopback."""

import json
import os
import secrets
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from rehearsal.clients.oidc_provider import Identity, Internet
from rehearsal.emulator.containers import container_logs, image_store
from rehearsal.emulator.networking import tls
from rehearsal.emulator.rules.settings import OutsideDatabase, Settings
from rehearsal.host import namespaces, ports, private_files, processes
from rehearsal.host.errors import RehearsalFailure
from rehearsal.images.emulator_image import emulator_environment
from rehearsal.session import launch

FILE_NAME = "emulator.json"
START_SECONDS = 60
STOP_SECONDS = 15
POLL_SECONDS = 0.05
LOG_LINES = 12
ANY_CLIENT = "198.51.100.1"
"""An address on the internet. Source: RFC 5737, addresses for documentation."""
SECRET_KEY_BYTES = 30
"""Forty characters, like a secret key of AWS."""


class _Child:
    """An emulator that this process started, and our end of its pipe: when that closes, the emulator ends."""

    def __init__(self, process: subprocess.Popen[bytes], pipe: int) -> None:
        self.process = process
        self._pipe = pipe  # -1 when the emulator outlives this process

    def release(self) -> None:
        """Wait for the process and close the pipe; do nothing the second time."""
        self.process.wait()
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1


@dataclass(frozen=True, kw_only=True)
class EmulatorSession:
    """A running embedded AWS: its addresses, and how another process finds it."""

    directory: Path
    endpoint_url: str
    web_url: str
    gateway_port: int
    web_port: int
    secret_key: str = field(repr=False)
    """Signs requests to the AWS API, with the account as the access key; another user of this machine has none."""
    pid: int
    born: int
    """Start time of the process in clock ticks: another process may get the same number later."""
    child: _Child | None = field(default=None, compare=False, repr=False)
    """None in a process that did not start it."""

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
    client_address: str = ANY_CLIENT,
    deployer_policies: Sequence[str] = (),
    outside_database: OutsideDatabase | None = None,
) -> EmulatorSession:
    """Start an emulator and wait until it answers.

    Args:
        directory: where it keeps everything; must be new, empty, or hold an emulator that has ended.
        gateway_port: loopback port of the AWS API; 0 takes any free one.
        web_port: loopback port of the first site, and an HTTP proxy to the others; 0 takes any free one.
        region: the AWS region it plays.
        account: the twelve-digit account it plays; clients use it as their access key, with the session's secret key.
        cache: where the emulator's own virtualenv is built once and kept.
        detach: whether it outlives this process; otherwise it dies with it, even when that is killed.
        identity: the identity provider in it.
        client_address: the address on the internet that requests to the web port come from.
        deployer_policies: IAM policies as JSON that limit the key of the session; without any it may do everything.
        outside_database: a server that was there before, on the internet or in a network that is connected to it.

    Raises:
        RehearsalFailure: this machine cannot, a port is taken, or it did not come up.
    """
    unshare, virtualenv = namespaces.find_unshare_options(), emulator_environment(cache)
    directory = _claim(directory)
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
                secret_key=secrets.token_urlsafe(SECRET_KEY_BYTES),
                gateway_fd=gateway.fileno(),
                web_fd=web.fileno(),
                parent_fd=-1,
                client_address=client_address,
                deployer_policies=tuple(deployer_policies),
                outside_database=outside_database,
                **(identity.settings if identity else {}),
            )
            emulator = _spawn(settings, unshare, virtualenv, detach=detach)
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    _publish(emulator)
    return emulator


def read(directory: Path) -> EmulatorSession:
    """Read the emulator session that is kept in a directory.

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
    kept = json.loads(file.read_text(encoding="utf-8"))
    return EmulatorSession(**{**kept, "directory": Path(kept["directory"])})


def is_alive(emulator: EmulatorSession) -> bool:
    """Whether the emulator's process still runs."""
    return processes.born(emulator.pid) == emulator.born


def add_image(
    emulator: EmulatorSession,
    reference: str,
    environment: Path | None = None,
    *,
    root: Path | None = None,
    entrypoint: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
    working_directory: str = "/",
    user: str = "50000:0",
    mounts: Mapping[str, Path] | None = None,
    links: Mapping[str, str] | None = None,
    architecture: str = "",
) -> None:
    """Let a virtualenv, or the files of a built image, stand for an image, from the next container start on.

    Args:
        emulator: the session.
        reference: exactly as task definitions write it.
        environment: the virtualenv; its `bin` comes first on the container's PATH.
        root: the files of a built image, in the place of a virtualenv.
        entrypoint: the image's own, for definitions without one.
        variables: the environment variables of the image.
        working_directory: where its commands start; made when missing.
        user: its user, `user:group` as numbers.
        mounts: further folders of this machine that its programs use, by their paths in the container.
        links: what symbolic links of the image lead to, by their paths in the container.
        architecture: the processors for which it was built, `X86_64` or `ARM64`; empty for both.
    """
    image = image_store.Image(
        environment=str(environment.resolve()) if environment else "",
        root=str(root.resolve()) if root else "",
        entrypoint=tuple(entrypoint),
        variables=dict(variables or {}),
        working_directory=working_directory,
        user=user,
        mounts={path: str(folder.resolve()) for path, folder in (mounts or {}).items()},
        links=dict(links or {}),
        architecture=architecture,
    )
    image_store.put(emulator.directory, reference, image)


def stop(emulator: EmulatorSession) -> None:
    """End everything in the emulator at once and remove its directory; do nothing when both are gone."""
    if is_alive(emulator):
        processes.kill(emulator.pid, timeout=STOP_SECONDS)
    if emulator.child:
        emulator.child.release()
    deadline = time.monotonic() + STOP_SECONDS
    while _remains(emulator) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    shutil.rmtree(emulator.directory, ignore_errors=True)


def leftovers(emulator: EmulatorSession) -> tuple[str, ...]:
    """Return what an emulator left on this machine, one sentence each; nothing after a good stop."""
    found = _remains(emulator)
    found += [f"Network device still there: {name}" for name in processes.devices()]
    found += [f"Directory still there: {emulator.directory}"] if emulator.directory.exists() else []
    return tuple(found)


def _remains(emulator: EmulatorSession) -> list[str]:
    """List processes, mounts and ports of an emulator; a port becomes free a moment after its process ends."""
    found = [f"Process {pid} still runs: {what}" for pid, what in processes.touching(emulator.directory)]
    found += [f"Still mounted: {line}" for line in processes.mounts_of(emulator.directory, "self")]
    found += [
        f"Port {port} still answers" for port in (emulator.gateway_port, emulator.web_port) if ports.answers(port)
    ]
    return found


def log_tail(emulator: EmulatorSession, lines: int = LOG_LINES) -> str:
    """Return the end of the emulator's own log."""
    return container_logs.tail(emulator.directory / launch.LOG_NAME, lines)


def _claim(directory: Path) -> Path:
    """Make the folders of an emulator in a directory that is new, empty, or of one that has ended."""
    directory = directory.absolute()
    if (directory / FILE_NAME).exists() and not is_alive(read(directory)):
        shutil.rmtree(directory)
    if directory.exists() and any(directory.iterdir()):
        raise RehearsalFailure(
            f"The directory {directory} is in use.",
            "A rehearsal runs there, or it holds other files.",
            "Take that rehearsal down, or name another directory.",
        )
    launch.make_folders(directory)
    return directory


def _spawn(settings: Settings, unshare: tuple[str, ...], virtualenv: Path, *, detach: bool) -> EmulatorSession:
    """Start the emulator's process; unless it is detached, it ends when this process does."""
    watched, pipe = (-1, -1) if detach else os.pipe()
    settings = replace(settings, parent_fd=watched)
    settings.write()
    try:
        process = launch.spawn(settings, unshare, virtualenv)
    finally:
        if watched >= 0:
            os.close(watched)
    return EmulatorSession(
        directory=settings.path,
        endpoint_url=f"http://{ports.LOOPBACK}:{settings.gateway_port}",
        web_url=f"http://{ports.LOOPBACK}:{settings.web_port}",
        gateway_port=settings.gateway_port,
        web_port=settings.web_port,
        secret_key=settings.secret_key,
        pid=process.pid,
        born=processes.born(process.pid) or 0,
        child=_Child(process, pipe),
    )


def _publish(emulator: EmulatorSession) -> None:
    """Wait until an emulator answers, and let others find it; end it when it does not come up."""
    try:
        _await_answer(emulator)
        _write(emulator)
    except BaseException:  # an interrupt too: the caller has no session yet to stop
        stop(emulator)
        raise


def _write(emulator: EmulatorSession) -> None:
    """Put a session where `read` finds it."""
    kept = {one.name: getattr(emulator, one.name) for one in fields(emulator) if one.name != "child"}
    text = json.dumps({**kept, "directory": str(emulator.directory)})
    private_files.write_text(emulator.directory / FILE_NAME, text)


def _await_answer(emulator: EmulatorSession) -> None:
    process = emulator.child and emulator.child.process
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{emulator.endpoint_url}/_ministack/health", timeout=1):  # noqa: S310  loopback
                return
        except OSError:
            time.sleep(POLL_SECONDS)
    status = process.returncode if process else None
    why = f"It ended with status {status}." if status is not None else "It did not answer."
    raise RehearsalFailure("The embedded AWS did not start.", f"{why} The end of its log:\n{log_tail(emulator)}")
