"""The `database` section: where Airflow keeps its metadata, by `kind`."""

from typing import Annotated

from pydantic import Tag

from spec.section import by_kind
from spec.sections.databases.container import Container
from spec.sections.databases.rds import Rds

__all__ = ["Container", "Database", "Rds"]

Database = Annotated[Annotated[Rds, Tag("rds")] | Annotated[Container, Tag("container")], by_kind("rds")]
"""The metadata database, by `kind`."""
