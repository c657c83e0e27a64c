"""The interface of a kind of project that `windsock init --from` takes over."""

from pathlib import Path
from typing import Protocol

from cli.starting.understood import Understood


class Source(Protocol):
    """One kind of project; it is only read, and nothing of it is changed."""

    @property
    def title(self) -> str:
        """What it is called, such as `an Astro project`."""

    def recognises(self, path: Path) -> bool:
        """Whether the file or folder at `path` is such a project."""

    def read(self, path: Path) -> Understood:
        """Say what it holds."""
