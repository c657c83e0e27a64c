"""The face of a Docker client over our engine: as much of it as MiniStack's ECS looks at."""

from typing import Any

from rehearsal.emulator.containers.container import Container
from rehearsal.emulator.containers.engine import Engine


class Containers:
    """`client.containers`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def run(self, image: str, **request: Any) -> Container:
        """Start a container of a task."""
        return self._engine.run(image, request)

    def get(self, identity: str) -> Container:
        """A container that is not removed."""
        return self._engine.get(identity)


class PulledImage:
    """An image that is there; whether it really is shows when a container of it starts."""

    def tag(self, *_: Any, **__: Any) -> bool:
        """Say yes: names are the catalogue's business."""
        return True


class Images:
    """`client.images`."""

    def pull(self, _reference: str, **_: Any) -> PulledImage:
        """Pull nothing: an environment stands ready or the start fails."""
        return PulledImage()

    def get(self, _reference: str) -> PulledImage:
        """Likewise."""
        return PulledImage()

    def get_registry_data(self, reference: str, **_: Any) -> PulledImage:
        """Refuse: there is no registry, so tags are not turned into digests."""
        raise LookupError(reference)


class Docker:
    """The client."""

    def __init__(self, engine: Engine) -> None:
        self.containers = Containers(engine)
        self.images = Images()
