"""Reads what the DAG processor made of the current release."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from compiler.contract import RELEASE_REPORT
from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs


@dataclass(frozen=True, kw_only=True)
class DagError:
    """A file that Airflow cannot import; `line` is 0 where nobody knows it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """Say where and what."""
        return f"{self.file}{f':{self.line}' if self.line else ''}: {self.message}"


@dataclass(frozen=True, kw_only=True)
class ReleaseReport:
    """What became of `version`: whether every file was parsed, and what went wrong.

    `runs` counts the runs that are not over, by the version that each began with.
    """

    version: str
    parsed: bool
    errors: tuple[DagError, ...] = ()
    runs: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    at: str = ""


def reported_errors(session: Session, outputs: Outputs) -> tuple[DagError, ...]:
    """Return the files that Airflow could not import at its last parse; nobody reports single files."""
    report = None if outputs.copies_files else read_report(session, outputs.code_bucket)
    return report.errors if report else ()


def read_report(session: Session, bucket: str) -> ReleaseReport | None:
    """Return the last report, or None where the DAG processor has not written any."""
    text = session.s3.get(bucket, RELEASE_REPORT)
    if text is None:
        return None
    given = json.loads(text)
    return ReleaseReport(
        version=given["version"],
        parsed=given["parsed"],
        errors=tuple(DagError(**error) for error in given["errors"]),
        runs=given["runs"],
        at=given["at"],
    )
