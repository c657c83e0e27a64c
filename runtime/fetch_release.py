"""Brings the current release to where Airflow looks for DAGs, plugins and configuration, before Airflow starts.

`python -m windsock_runtime.fetch_release` runs first in every container. A folder that is mounted stays as it is, and
without the variable that names the bucket there is nothing to do.
"""

from __future__ import annotations

import os
from pathlib import Path

from .release_store import BUCKET_VARIABLE, current_version, release_of, unpack

FOLDERS = ("dags", "plugins", "config")
RELEASES = "releases"


def main() -> None:
    """Fetch the release and link its folders into the home of Airflow."""
    if os.environ.get(BUCKET_VARIABLE):
        fetch(Path(os.environ["AIRFLOW_HOME"]))


def fetch(home: Path) -> None:
    """Link each folder of the home that is not mounted to the current release."""
    wanted = [home / name for name in FOLDERS if not os.path.ismount(home / name)]
    if not wanted:
        return
    release = release_of(current_version())
    folder = unpack(release, home / RELEASES / release)
    for place in wanted:
        _link(place, folder / place.name)


def _link(place: Path, target: Path) -> None:
    """Put a link in the place of a folder; what the image had there is hidden, as a mount would hide it."""
    if place.is_symlink():
        place.unlink()
    elif place.exists():
        place.rename(place.with_name(f".{place.name}-of-image"))
    place.symlink_to(target)


if __name__ == "__main__":
    main()
