"""The `former` section of a database: the instance whose place a restored one has taken."""

from typing import Annotated

from spec.aws_facts.rds import POSTGRES_VERSIONS
from spec.section import Section, offered
from spec.sections.databases.restore_from import SnapshotName


class Former(Section):
    """The instance whose place a restored one has taken. It stays, and is paid, until this section goes."""

    version: Annotated[str, offered(POSTGRES_VERSIONS)] | None = None
    """Major version of its engine, in quotes. Default none: that of the database."""

    snapshot: SnapshotName | None = None
    """Name of the snapshot that it began with itself. Default none: it began empty."""
