"""The `former` section of a database: the instance whose place a restored one has taken."""

from typing import Annotated, Self

from pydantic import model_validator

from spec.aws_facts.rds import POSTGRES_VERSIONS
from spec.section import Section, offered, refuse_any
from spec.sections.databases.restore_from import InstanceId, Moment, SnapshotName, origin_violations


class Former(Section):
    """The instance whose place a restored one has taken. It stays, and is paid, until this section goes."""

    version: Annotated[str, offered(POSTGRES_VERSIONS)] | None = None
    """Major version of its engine, in quotes. Default none: that of the database."""

    snapshot: SnapshotName | None = None
    """Name of the snapshot that it began with itself. Default none."""

    instance: InstanceId | None = None
    """Resource id of the instance whose backups it began with itself. Default none."""

    time: Moment | None = None
    """Moment of these backups, in UTC and quotes. Default none."""

    @model_validator(mode="after")
    def _began_with_one(self) -> Self:
        refuse_any(origin_violations(self))
        return self
