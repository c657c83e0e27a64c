"""Reads from the database of Airflow 3 what the DAG processor made of a release, and which runs use which."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.models.dag import DagModel
from airflow.models.dagrun import DagRun
from airflow.models.errors import ParseImportError
from airflow.utils import file
from airflow.utils.session import create_session
from sqlalchemy import func, select

from .report import QUIET, import_error, moment

if TYPE_CHECKING:
    from datetime import datetime


def state_of(bundle: str, version: str, dags: Path, since: datetime) -> dict[str, Any]:
    """Return what is known of a version, whose files lie in `dags`, that became current at `since`."""
    files = {str(Path(path).relative_to(dags)) for path in _dag_files(bundle, dags)}
    with create_session() as session:
        rows = [tuple(row) for row in session.execute(_dags(bundle))]
        errors = [tuple(row) for row in session.execute(_errors(bundle))]
        runs = {row[0]: row[1] for row in session.execute(_runs())}
    done = {file for file, seen, at in rows if seen == version and at and at >= since}
    done |= {file for file, at, _ in errors if at and at >= since}
    known = {row[0] for row in (*rows, *errors)}
    waiting = known & (files - done)
    age = moment() - since
    return {
        "version": version,
        "parsed": files <= done or (not waiting and age >= QUIET),
        "errors": sorted((import_error(file, trace) for file, _, trace in errors if file in files), key=str),
        "runs": runs,
    }


def _dag_files(bundle: str, dags: Path) -> list[Any]:
    """Return the paths of the files that may have DAGs; from 3.4 on the importers of Airflow list them."""
    if hasattr(file, "list_py_file_paths"):
        return list(file.list_py_file_paths(str(dags)))
    from airflow.dag_processing.bundles.local import LocalDagBundle  # noqa: PLC0415  # only newer releases have both
    from airflow.sdk.importers import DagImportError, get_importer_registry  # noqa: PLC0415  # see above

    listed = get_importer_registry(bundle).list_dag_definitions(LocalDagBundle(name=bundle, path=str(dags)))
    found = {
        item.source_reference if isinstance(item, DagImportError) else item.get_relative_loc(dags) for _, item in listed
    }
    return [path for path in map(file.find_enclosing_file, (dags / each for each in found)) if path]


def _dags(bundle: str) -> Any:
    columns = (DagModel.relative_fileloc, DagModel.bundle_version, DagModel.last_parsed_time)
    return select(*columns).where(DagModel.bundle_name == bundle, DagModel.is_stale.is_(False))


def _errors(bundle: str) -> Any:
    columns = (ParseImportError.filename, ParseImportError.timestamp, ParseImportError.stacktrace)
    return select(*columns).where(ParseImportError.bundle_name == bundle)


def _runs() -> Any:
    using = (DagRun.state.in_(("queued", "running")), DagRun.bundle_version.is_not(None))
    return select(DagRun.bundle_version, func.count()).where(*using).group_by(DagRun.bundle_version)
