"""Promises of the sync task: it sees every edit, and fails with the first copy that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.deliveries.efs import SYNC_SCRIPT

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_the_sync_sees_every_edit(mounted: Case) -> None:
    """It copies a file of the same size, deletes a removed file, and keeps the web settings where they are."""
    container = mounted.container_of("Sync")
    assert container["Command"] == [SYNC_SCRIPT]
    assert "--exact-timestamps --delete --exclude webserver_config.py" in SYNC_SCRIPT
    assert container["EntryPoint"] == ["/bin/bash", "-c"]
    assert container["User"] == "50000:0"
    assert {point["ContainerPath"]: point["ReadOnly"] for point in container["MountPoints"]} == {
        "/mnt/dags": False,
        "/mnt/plugins": False,
        "/mnt/config": False,
    }


def test_the_sync_stops_at_the_first_failure() -> None:
    """A copy that fails fails the task: a deployment never goes on with half of its code."""
    assert SYNC_SCRIPT.startswith("set -euo pipefail\n")
