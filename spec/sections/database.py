"""The `database` section: where Airflow keeps its metadata, by `kind`."""

from typing import Annotated

from pydantic import Tag

from spec.section import by_kind
from spec.sections.databases.container import Container
from spec.sections.databases.external import External
from spec.sections.databases.rds import Rds

__all__ = ["Container", "Database", "External", "Rds"]

Database = Annotated[
    Annotated[Rds, Tag("rds")] | Annotated[Container, Tag("container")] | Annotated[External, Tag("external")],
    by_kind("rds"),
]
"""The metadata database, by `kind`."""
