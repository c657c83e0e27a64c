"""Brings the current release to where Airflow looks for DAGs, plugins and configuration, before Airflow starts.

`python -m windsock_runtime.fetch_release` runs first in every container. A folder that is mounted stays as it is. Where
a file system has the releases, links lead there; without it and without a bucket there is nothing to do.
"""

from __future__ import annotations

import os
from pathlib import Path

from .release_store import BUCKET_VARIABLE, current_version, release_of, unpack
from .releases.shared import CURRENT, shared_folder

FOLDERS = ("dags", "plugins", "config")
RELEASES = "releases"


def main() -> None:
    """Fetch the release, unless it is there, and link its folders into the home of Airflow."""
    home, releases = Path(os.environ["AIRFLOW_HOME"]), shared_folder()
    if releases is not None:
        for name in FOLDERS:
            link(home / name, releases / CURRENT / name)
    elif os.environ.get(BUCKET_VARIABLE):
        fetch(home)


def fetch(home: Path) -> None:
    """Link each folder of the home that is not mounted to the current release."""
    wanted = [home / name for name in FOLDERS if not os.path.ismount(home / name)]
    if not wanted:
        return
    release = release_of(current_version())
    folder = unpack(release, home / RELEASES / release)
    for place in wanted:
        link(place, folder / place.name)


def link(place: Path, target: Path) -> None:
    """Put a link in the place of another at one blow, or of a folder of the image, which is hidden as by a mount."""
    if place.exists() and not place.is_symlink():
        place.rename(place.with_name(f".{place.name}-of-image"))
    draft = place.with_name(f".{place.name}-draft")
    draft.unlink(missing_ok=True)
    draft.symlink_to(target)
    draft.replace(place)


if __name__ == "__main__":
    main()
