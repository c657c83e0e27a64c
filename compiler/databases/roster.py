"""The kinds of databases, by `database.kind`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from compiler.databases.container import ContainerDatabase
from compiler.databases.external import ExternalDatabase
from compiler.databases.kind import DatabaseKind
from compiler.databases.rds import RdsDatabase
from spec.environment import Environment

DATABASES: Mapping[str, Callable[[Environment, Any], DatabaseKind]] = MappingProxyType(
    {"rds": RdsDatabase, "container": ContainerDatabase, "external": ExternalDatabase}
)


def database_of(env: Environment) -> DatabaseKind:
    """Return the database of an environment."""
    return DATABASES[env.database.kind](env, env.database)
