"""Says how much of what rehearsals build stays in the cache."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from acceptance.sessions import FOLDER
from rehearsal.images.unused import remove_unused

NEWEST: Mapping[str, int] = MappingProxyType({"built-*": 5, "airflow-*": 16})
"""How many built images, and how many virtual environments of Airflow, stay beside those that a rehearsal uses."""


def limit_cache(environments: Path) -> None:
    """Remove what has been unused for longest, as far as no rehearsal uses it."""
    for pattern, newest in NEWEST.items():
        remove_unused(environments, pattern, newest, environments.parent / FOLDER)
