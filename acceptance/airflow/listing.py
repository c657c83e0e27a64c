"""Reads what Airflow lists of DAG files: their DAGs, their errors, and when it parsed each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from compiler.contract import AIRFLOW_HOME
from rehearsal.clients.airflow_client import AirflowClient

SAME_PARSE = timedelta(seconds=1)
"""The DAGs of a file get their times one after the other."""

_NEVER = datetime.fromtimestamp(0, UTC)

_FOLDER = f"{AIRFLOW_HOME}/dags/"


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What Airflow lists now: DAGs by file, tracebacks by file, and when each file was parsed last.

    A file that cannot be imported has no DAGs here, although Airflow goes on listing those that it had.
    """

    dags: Mapping[str, tuple[str, ...]]
    errors: Mapping[str, str]
    parsed: Mapping[str, datetime]


def read_listing(client: AirflowClient) -> Listing:
    """Ask for every DAG and every import error."""
    listed = [(_file(dag.get("fileloc") or ""), dag["dag_id"], _moment(dag)) for dag in client.listed_dags()]
    errors: dict[str, str] = {}
    parsed: dict[str, datetime] = {}
    for file, _, moment in listed:
        parsed[file] = max(moment, parsed.get(file, moment))
    # A DAG that its file no longer defines is listed for a while, with the time when it was seen last.
    dags: dict[str, tuple[str, ...]] = {}
    for file, dag, moment in listed:
        if parsed[file] - moment < SAME_PARSE:
            dags[file] = (*dags.get(file, ()), dag)
    for error in client.listed_import_errors():
        file = _file(error["filename"])
        errors[file] = str(error["stack_trace"]).strip()
        moment = _moment(error)
        parsed[file] = max(moment, parsed.get(file, moment))
    sound = {file: ids for file, ids in dags.items() if file not in errors}
    return Listing(dags=sound, errors=errors, parsed=parsed)


def _file(location: str) -> str:
    """Return the path below `dags/`; a DAG in an archive belongs to the file of the archive."""
    path = location.removeprefix(_FOLDER)
    archive, zipped, _ = path.partition(".zip/")
    return archive + ".zip" if zipped else path


def _moment(said: Mapping[str, Any]) -> datetime:
    """Return when Airflow parsed what it lists."""
    moment = said.get("last_parsed_time") or said.get("timestamp")
    return datetime.fromisoformat(str(moment)) if moment else _NEVER
