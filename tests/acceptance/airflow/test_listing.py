"""What Airflow lists is read by file, with the time of each parse."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from acceptance.airflow.listing import read_listing

if TYPE_CHECKING:
    from rehearsal.clients.airflow_client import AirflowClient

EARLY, LATE = "2026-11-28T10:00:00+00:00", "2026-11-28T10:01:00+00:00"


@dataclass
class Client:
    """Lists what it was made with."""

    dags: tuple[Mapping[str, Any], ...]
    errors: tuple[Mapping[str, Any], ...] = ()

    def listed_dags(self) -> tuple[Mapping[str, Any], ...]:
        """Mirror the real one."""
        return self.dags

    def listed_import_errors(self) -> tuple[Mapping[str, Any], ...]:
        """Mirror the real one."""
        return self.errors


def _dag(name: str, file: str, moment: str) -> Mapping[str, Any]:
    return {"dag_id": name, "fileloc": f"/opt/airflow/dags/{file}", "last_parsed_time": moment}


def test_dags_belong_to_their_files() -> None:
    """One in an archive to the archive; one that its file no longer defines to none."""
    listed = (_dag("a", "a.py", LATE), _dag("old", "a.py", EARLY), _dag("z", "packed.zip/z.py", LATE))
    listing = read_listing(cast("AirflowClient", Client(listed)))
    assert listing.dags == {"a.py": ("a",), "packed.zip": ("z",)}


def test_a_file_with_an_error_has_no_dags() -> None:
    """Although Airflow goes on listing them; the error is of its last parse."""
    error = {"filename": "/opt/airflow/dags/a.py", "stack_trace": "NameError: x\n", "timestamp": LATE}
    listing = read_listing(cast("AirflowClient", Client((_dag("a", "a.py", EARLY),), (error,))))
    assert (listing.dags, listing.errors) == ({}, {"a.py": "NameError: x"})
    assert listing.parsed["a.py"].isoformat() == LATE
