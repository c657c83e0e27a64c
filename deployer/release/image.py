"""Builds the image with docker or podman and pushes it under the hash of what it is built from."""

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Protocol

from deployer.aws.session import Session
from deployer.progress import Progress
from deployer.release.build_secrets import BuildSecrets
from deployer.release.image_context import ImageContext
from deployer.release.registry import pinned
from deployer.release.runtime_layer import layer_instructions, layer_version, write_runtime
from spec.environment import Environment
from spec.errors import Refusal
from spec.releases.table import Release
from spec.sections.fargate import Architecture

BUILDERS = ("docker", "podman")

_PLATFORMS: Mapping[Architecture, str] = {"x86_64": "linux/amd64", "arm64": "linux/arm64"}
_NO_SECRETS = BuildSecrets()
_LOCAL = "localhost/windsock"
"""Names the user's own image until the layer lies on top of it; it is not pushed."""

_RELEASE_TAG = "release-"
_TAG_LENGTH = 32
_TAIL = 30
_STEP = re.compile(r"STEP \d+/\d+: |#\d+ \[[^\]]*\d+/\d+\] ")
"""How podman and BuildKit, which docker builds with, begin the line of a step."""
_NO_ATTESTATIONS = {"BUILDX_NO_DEFAULT_ATTESTATIONS": "1"}
"""An attestation makes the image an index of two, one of them untagged, which the repository would expire apart."""


@dataclass(frozen=True)
class Image:
    """An image in the repository: its digest, `sha256:` and 64 hex digits, and its tag."""

    digest: str
    tag: str


class ImageSource(Protocol):
    """Where the image of an environment comes from."""

    def pin(self, reference: str) -> str:
        """Return an image of another registry by the digest that its tag has now."""

    def provide(self, repository_uri: str, base_image: str) -> Image:
        """Make sure that the repository holds the image on top of this one, and return it."""

    def provide_release(self, repository_uri: str, release: Release) -> Image:
        """Make sure that the repository holds an image of another release without the user's code, and return it."""


class ImageRefusal(Refusal):
    """The image could not be built or pushed."""


@dataclass(frozen=True, kw_only=True)
class ContainerBuild:
    """Builds from `context` on top of `base_image`, for one kind of processor.

    On top of that comes the layer with Windsock's own package. On a machine of another kind the builder needs an
    emulator of that processor.
    """

    context: ImageContext
    base_image: str
    platform: str
    session: Session
    progress: Progress
    search_path: str | None = None
    quiet_seconds: float = 30.0
    """For how long at most nothing is told of what the builder says."""

    @classmethod
    def of(cls, env: Environment, checkout: Path, session: Session, progress: Progress) -> "ContainerBuild":
        """Return the build of an environment whose image context lies in `checkout`."""
        return cls(
            context=ImageContext.of(env, checkout),
            base_image=env.airflow.release.base_image(env.airflow.python),
            platform=_PLATFORMS[env.fargate.architecture],
            session=session,
            progress=progress,
        )

    @property
    def tag(self) -> str:
        """The tag that these ingredients have: the same ingredients are built once."""
        total = hashlib.sha256(f"{self.base_image}\0{self.platform}\0{layer_version()}\n".encode())
        if pins := self.context.section.pins_argument:
            total.update(f"{pins}\n".encode())
        for name, content in self.context.ingredients():
            total.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
        return total.hexdigest()[:_TAG_LENGTH]

    def pin(self, reference: str) -> str:
        """Ask its registry. Raises `RegistryRefusal`."""
        return pinned(reference)

    def provide(self, repository_uri: str, base_image: str) -> Image:
        """Build and push unless the repository holds this tag already. Raises `ImageRefusal`."""
        return replace(self, base_image=base_image).build(repository_uri)

    def build(self, repository_uri: str) -> Image:
        """Build on the base image that is set, in the same way."""
        repository = repository_uri.partition("/")[2]
        for told in self.context.told():
            self.progress.note(told)
        known = self.session.ecr.digest(repository, self.tag)
        if known:
            self.progress.note(f"Image {self.tag} is in the repository already.")
            return Image(known, self.tag)
        self.context.check()
        secrets = BuildSecrets.of(self.context.section.secrets)
        self.context.check_dockerfile(secrets)
        builder = self._builder()
        self._build_and_push(builder, f"{repository_uri}:{self.tag}", secrets)
        return Image(self._pushed(builder, repository, self.tag), self.tag)

    def provide_release(self, repository_uri: str, release: Release) -> Image:
        """Put Windsock's layer on the official image of a release, and push that. Raises `ImageRefusal`."""
        repository, base = repository_uri.partition("/")[2], release.base_image(release.python)
        total = hashlib.sha256(f"{base}\0{self.platform}\0{layer_version()}\n".encode())
        tag = f"{_RELEASE_TAG}{total.hexdigest()[:_TAG_LENGTH]}"
        known = self.session.ecr.digest(repository, tag)
        if known is None:
            builder, reference = self._builder(), f"{repository_uri}:{tag}"
            self.progress.note(f"Building {reference} from {base}.")
            self._build_layer(builder, reference, base)
            self._push(builder, reference)
            known = self._pushed(builder, repository, tag)
        return Image(known, tag)

    def _builder(self) -> str:
        for name in BUILDERS:
            found = shutil.which(name, path=self.search_path)
            if found:
                return found
        raise ImageRefusal(
            "There is nothing to build the image with.",
            why="Neither docker nor podman is on PATH.",
            next_step="Install one of them: `apt-get install podman`, or see docs.docker.com/engine/install.",
        )

    def _build_and_push(self, builder: str, reference: str, secrets: BuildSecrets) -> None:
        self.progress.note(f"Building {reference} from {self.base_image}.")
        own = f"{_LOCAL}:{self.tag}"
        arguments = (f"BASE_IMG={self.base_image}", *self.context.build_arguments)
        with self.context.build_folder() as folder:
            self._build(builder, own, folder, *arguments, secrets=secrets)
        self._build_layer(builder, reference, own)
        self._push(builder, reference)

    def _build_layer(self, builder: str, reference: str, image: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            layer = Path(folder)
            write_runtime(layer)
            (layer / "Dockerfile").write_text(layer_instructions(), encoding="utf-8")
            self._build(builder, reference, layer, f"IMAGE={image}")

    def _push(self, builder: str, reference: str) -> None:
        login = self.session.ecr.login()
        self._call(
            builder, "login", "--username", login.username, "--password-stdin", login.registry, typed=login.password
        )
        try:
            self._call(builder, "push", reference)
        finally:
            # The login would stay on disk for hours; a logout that fails must not hide why the push did.
            with contextlib.suppress(ImageRefusal):
                self._call(builder, "logout", login.registry)

    def _pushed(self, builder: str, repository: str, tag: str) -> str:
        pushed = self.session.ecr.digest(repository, tag)
        if pushed is None:
            raise ImageRefusal(f"{builder} pushed {repository}:{tag}, but the repository does not have it.")
        return pushed

    def _build(
        self, builder: str, reference: str, context: Path, *arguments: str, secrets: BuildSecrets = _NO_SECRETS
    ) -> None:
        given = [word for argument in arguments for word in ("--build-arg", argument)]
        options = ("--platform", self.platform, *given, *secrets.arguments)
        self._call(builder, "build", *options, "--tag", reference, str(context), secrets=secrets)

    def _call(self, *command: str, typed: str | None = None, secrets: BuildSecrets = _NO_SECRETS) -> None:
        name = f"{Path(command[0]).name} {command[1]}"
        with subprocess.Popen(
            command,
            stdin=None if typed is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, **_NO_ATTESTATIONS, **secrets.variables},
        ) as running:
            if typed is not None and running.stdin is not None:
                with contextlib.suppress(BrokenPipeError), running.stdin as stdin:  # what ended already says why
                    stdin.write(typed)
            tail = self._follow(name, map(secrets.scrub, running.stdout or ()))
        if running.returncode:
            raise ImageRefusal(f"`{name}` failed with {running.returncode}.", why="\n".join(tail))

    def _follow(self, name: str, said: Iterable[str]) -> Iterable[str]:
        """Tell each step that a builder begins, and every half minute its last line; return the end of what it said."""
        lines: SimpleQueue[str | None] = SimpleQueue()
        Thread(target=_pass_on, args=(said, lines), daemon=True).start()
        tail: deque[str] = deque(maxlen=_TAIL)
        start = told = time.monotonic()
        step = ""
        while True:
            line = _next(lines, told + self.quiet_seconds - time.monotonic())
            if line is None:
                return tail
            tail.extend([line.rstrip()] if line.strip() else [])
            begins = _STEP.match(line)
            if begins and begins[0] != step:
                step, told = begins[0], time.monotonic()
                self.progress.note(f"{name}: {line.rstrip()}")
            elif time.monotonic() >= told + self.quiet_seconds:
                told = time.monotonic()
                last = tail[-1] if tail else "it has said nothing yet"
                self.progress.note(f"{name} goes on, for {told - start:.0f} s now: {last}")


def _pass_on(said: Iterable[str], lines: "SimpleQueue[str | None]") -> None:
    for line in said:
        lines.put(line)
    lines.put(None)


def _next(lines: "SimpleQueue[str | None]", seconds: float) -> str | None:
    """Return the next line, an empty one where none comes in time, None at the end."""
    try:
        return lines.get(timeout=max(seconds, 0.0))
    except Empty:
        return ""
