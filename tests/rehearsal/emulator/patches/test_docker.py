"""The promises of rehearsal/emulator/patches/docker.py."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest

from rehearsal.emulator.containers.engine import RunRequest
from rehearsal.emulator.patches.docker import Docker

if TYPE_CHECKING:
    from rehearsal.emulator.containers.engine import Engine

REQUEST = RunRequest(
    task="task1",
    definition={"name": "web"},
    command=None,
    variables={"A": "1"},
    mounts=(),
    task_role=None,
    memory=512,
)


@dataclass
class FakeEngine:
    """An engine that starts nothing and remembers what it was to start."""

    started: dict[str, tuple[str, RunRequest]] = field(default_factory=dict)

    def run(self, image: str, request: RunRequest) -> str:
        """Mirror the real engine; what it gives back stands for the container."""
        self.started["container"] = (image, request)
        return "container"

    def get(self, identity: str) -> str:
        """Mirror the real engine."""
        if identity not in self.started:
            raise LookupError(identity)
        return identity


def test_containers_are_started_and_found_by_the_engine() -> None:
    """They start with the whole request, and the engine finds them again."""
    engine = FakeEngine()
    containers = Docker(cast("Engine", engine)).containers
    started: object = containers.run("image:1", request=REQUEST)
    assert started == "container"
    assert engine.started == {"container": ("image:1", REQUEST)}
    found: object = containers.get("container")
    assert found == "container"
    with pytest.raises(LookupError):
        containers.get("another")


def test_pulling_is_answered_at_once() -> None:
    """Pulling is answered at once; an image that stands for nothing shows when a container of it starts."""
    images = Docker(cast("Engine", FakeEngine())).images
    assert images.pull("example.org/any:1").tag("name")
    assert images.get("example.org/any:1").tag("name")


def test_tags_are_not_turned_into_digests() -> None:
    """There is no registry to ask: definitions keep what they say."""
    with pytest.raises(LookupError, match=r"example\.org/any:1"):
        Docker(cast("Engine", FakeEngine())).images.get_registry_data("example.org/any:1")
