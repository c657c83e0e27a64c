"""A Docker client over our engine, with the few methods that MiniStack's ECS calls."""

from typing import Any

from rehearsal.emulator.containers.container import Container
from rehearsal.emulator.containers.engine import Engine, RunRequest


class Containers:
    """`client.containers`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def run(self, image: str, *, request: RunRequest) -> Container:
        """Start a container of a task."""
        return self._engine.run(image, request)

    def get(self, identity: str) -> Container:
        """Return a container that is not removed."""
        return self._engine.get(identity)


class PulledImage:
    """An image; whether a virtualenv stands for it shows when a container of it starts."""

    def tag(self, *_: Any, **__: Any) -> bool:
        """Answer that it is tagged: the image store has its names."""
        return True


class Images:
    """`client.images`."""

    def pull(self, _reference: str, **_: Any) -> PulledImage:
        """Answer at once: the start of the container finds the virtualenv, or fails."""
        return PulledImage()

    def get(self, _reference: str) -> PulledImage:
        """Answer as `pull` does."""
        return PulledImage()

    def get_registry_data(self, reference: str, **_: Any) -> PulledImage:
        """Refuse: there is no registry that could resolve a tag to a digest."""
        raise LookupError(reference)


class Docker:
    """The client."""

    def __init__(self, engine: Engine) -> None:
        self.containers = Containers(engine)
        self.images = Images()
