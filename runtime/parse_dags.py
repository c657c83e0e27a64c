"""Parses every DAG file once, as the cluster does, and prints one JSON line per file: its DAGs, or why it has none.

`python -m windsock_runtime.parse_dags` runs in a container of its own. It takes as long as the files take.
"""

from __future__ import annotations

import json
import sys
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# Airflow 3 moved the class, and parses in bundles: it names a file by its path below the folder.
try:
    from airflow.dag_processing.dagbag import DagBag
except ImportError:
    from airflow.models.dagbag import DagBag

KIND = "dag_file"
"""Marks the lines of this program among those that DAG files print."""

TAG = "rehearse"
"""The tag of the DAGs that a rehearsal runs."""


def main() -> None:
    """Print what each file has, those that Airflow cannot import included."""
    for line in (*report(Path(settings.DAGS_FOLDER)), {"kind": KIND, "end": True}):
        print(json.dumps(line), file=sys.__stdout__, flush=True)  # its output is what it is for


def report(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield a line for each file that defines DAGs, and one for each that cannot be imported."""
    bag = _parsed(folder)
    dags: dict[str, list[str]] = {}
    for name, dag in bag.dags.items():
        dags.setdefault(_below(folder, dag.fileloc), []).append(name)
    for file, names in sorted(dags.items()):
        tagged = [name for name in sorted(names) if TAG in (bag.dags[name].tags or ())]
        yield {"kind": KIND, "file": file, "dags": sorted(names), "tagged": tagged}
    for path, error in sorted(bag.import_errors.items()):
        yield {"kind": KIND, "file": _below(folder, path), "error": error}


def _parsed(folder: Path) -> Any:
    if str(folder) not in sys.path:
        sys.path.append(str(folder))  # as Airflow 3 does while it parses
    in_bundles = "bundle_path" in signature(DagBag).parameters
    return DagBag(folder, **({"bundle_path": folder} if in_bundles else {"include_examples": False}))


def _below(folder: Path, path: str) -> str:
    return str(Path(path).relative_to(folder)) if Path(path).is_absolute() else path


if __name__ == "__main__":
    main()
