"""The images that stand in for databases in containers, by the kind of database in the YAML."""

from collections.abc import Callable, Mapping
from pathlib import Path

from rehearsal.images.databases import DatabaseImage, mysql_image, postgres_image
from spec.environment import Environment
from spec.releases.engines import EngineName


def database_image(env: Environment, cache: Path) -> DatabaseImage | None:
    """Return the image that the database's tasks run, built below `cache` if it is missing; None without tasks."""
    return DATABASE_IMAGES[env.database.kind](env, cache)


def _no_image(_env: Environment, _cache: Path) -> None:
    return None


def _engine_image(env: Environment, cache: Path) -> DatabaseImage:
    return ENGINE_IMAGES[env.database.engine](cache)


ENGINE_IMAGES: Mapping[EngineName, Callable[[Path], DatabaseImage]] = {
    "postgres": postgres_image,
    "mysql": mysql_image,
}

DATABASE_IMAGES: Mapping[str, Callable[[Environment, Path], DatabaseImage | None]] = {
    "rds": _no_image,
    "container": _engine_image,
}
