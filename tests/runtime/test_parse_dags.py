"""Tests of the program that parses every DAG file, inside every Airflow release."""

import json
import zipfile
from typing import Any

import pytest

from tests.runtime.conftest import NO_DATABASE, Home

DAG = """
from datetime import datetime
try:
    from airflow.sdk import DAG
except ImportError:
    from airflow.models.dag import DAG
with DAG("{name}", schedule=None, start_date=datetime(2021, 1, 1), tags=["{name}", "rehearse"][:{tags}]):
    pass
print("a line of the file's own")
"""
BROKEN = "from airflow import DAG\n\nimport humanize_nothing\n"

pytestmark = pytest.mark.airflow


def _report(home: Home) -> list[dict[str, Any]]:
    more = {
        **NO_DATABASE,
        "AIRFLOW__CORE__DAGS_FOLDER": str(home.folder / "dags"),
        "AIRFLOW__CORE__DAGBAG_IMPORT_ERROR_TRACEBACK_DEPTH": "100",
    }
    lines = home.run("from windsock_runtime import parse_dags; parse_dags.main()", more)
    entries = (json.loads(line) for line in lines if line.startswith("{"))
    return [entry for entry in entries if entry.get("kind") == "dag_file"]


def test_every_file_is_reported(home: Home) -> None:
    """DAGs of files, folders and archives; what cannot be imported with its line; what is ignored not at all."""
    dags = home.folder / "dags"
    (dags / "team").mkdir(parents=True)
    (dags / "skipped").mkdir()
    (dags / ".airflowignore").write_text("skipped\n")
    (dags / "one.py").write_text(DAG.format(name="one", tags=1))
    (dags / "team" / "two.py").write_text(DAG.format(name="two", tags=2))
    (dags / "skipped" / "no.py").write_text("from airflow import DAG {{ not Python }}")
    (dags / "broken.py").write_text(BROKEN)
    with zipfile.ZipFile(dags / "three.zip", "w") as archive:
        archive.writestr("three.py", DAG.format(name="three", tags=0))
    *files, end = _report(home)
    assert end == {"kind": "dag_file", "end": True}
    assert {entry["file"]: entry["dags"] for entry in files if "dags" in entry} == {
        "one.py": ["one"],
        "team/two.py": ["two"],
        "three.zip/three.py": ["three"],
    }
    assert [dag for entry in files for dag in entry.get("tagged", ())] == ["two"]
    ((file, error),) = [(entry["file"], entry["error"]) for entry in files if "error" in entry]
    assert file == "broken.py"
    assert f'"{dags}/broken.py", line 3' in error
    assert error.strip().endswith("No module named 'humanize_nothing'")
