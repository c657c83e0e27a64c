"""Says that the code at hand is older than what somebody released since."""

from pathlib import Path

from deployer.progress import Progress
from deployer.release.airflow_home import Code
from deployer.release.commit import is_behind
from deployer.releases.manifest import Manifest


def tell_older(home: Path, code: Code, released: Manifest | None, progress: Progress) -> None:
    """Tell whose release would be replaced by code that it has built on; going on takes that work back."""
    if released is not None and released.commit and is_behind(home, code.commit, released.commit):
        progress.note(
            f"This code is older than what is deployed: {released.by} released commit {released.commit[:12]} at "
            f"{released.at}, which builds on {code.commit[:12]}. Going on takes that back; `git pull` brings it here."
        )
