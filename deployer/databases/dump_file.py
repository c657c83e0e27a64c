"""Looks at the dump that a new database is to begin with, before anything is created that would wait for it."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from compiler.contract import DUMP_PREFIX
from deployer.record.deploy_state import DeployState
from spec.environment import Environment
from spec.errors import Refusal

_GZIP = b"\x1f\x8b"
_OTHER_FORMATS = {b"PGDMP": "custom", b"toc.dat": "tar"}
_OTHER_ENGINES = (b"-- MySQL dump", b"-- MariaDB dump")
_PLAIN = b"-- PostgreSQL database dump"
_HEAD = 4096
_LARGEST = 5 * 2**30
"""The largest object that S3 takes in one call. Source: PutObject, Amazon S3 API Reference."""


class DumpRefusal(Refusal):
    """A new database cannot begin with the dump of the YAML."""


@dataclass(frozen=True)
class DumpFile:
    """A file of pg_dump."""

    path: Path

    @classmethod
    def of(cls, env: Environment, project: Path) -> "DumpFile | None":
        """Return the one that the YAML in the folder `project` names."""
        named = env.database.dump
        return cls(project / named.dump) if named and named.dump else None

    @property
    def key(self) -> str:
        """Where the code bucket has it."""
        return f"{DUMP_PREFIX}{self.content}"

    @cached_property
    def content(self) -> str:
        """The hash of its content."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def check(self, env: Environment, state: DeployState) -> None:
        """Refuse it where the database began with something else, or where it is no plain dump of PostgreSQL.

        Raises `DumpRefusal`.
        """
        if state.database:
            raise DumpRefusal(
                f"The database of {env.name} is not new, and a dump is read into a new one only.",
                next_step="Remove database.restore_from.dump from the YAML, or deploy it under another name.",
            )
        try:
            head = self._head()
        except OSError as error:
            raise DumpRefusal(
                f"{self.path}, the dump that the database is to begin with, cannot be read.",
                why=str(error),
                next_step="Name it in database.restore_from.dump, relative to the YAML.",
            ) from None
        self._refuse_format(head)

    def _refuse_format(self, head: bytes) -> None:
        if self.path.stat().st_size > _LARGEST:
            raise DumpRefusal(f"{self.path} has more than 5 GiB.", next_step="Pack it with gzip, and name that file.")
        for begin, name in _OTHER_FORMATS.items():
            if head.startswith(begin):
                raise DumpRefusal(
                    f"{self.path} is a dump in the {name} format of pg_dump.",
                    next_step=f"Make it plain: `pg_restore --no-owner --no-privileges -f airflow.sql {self.path}`.",
                )
        if any(other in head for other in _OTHER_ENGINES):
            raise DumpRefusal(f"{self.path} is a dump of MySQL, and the database is a PostgreSQL.")
        if _PLAIN not in head:
            raise DumpRefusal(
                f"{self.path} is no dump of PostgreSQL.",
                next_step="Make one: `pg_dump --no-owner --no-privileges -f airflow.sql ...`.",
            )

    def _head(self) -> bytes:
        with self.path.open("rb") as file:
            head = file.read(_HEAD)
        if not head.startswith(_GZIP):
            return head
        with gzip.open(self.path) as unpacked:
            return unpacked.read(_HEAD)
