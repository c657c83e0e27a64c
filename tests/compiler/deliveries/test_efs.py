"""Promises of the sync task: it alone may write releases, and knows how long to keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from troposphere import Template

from compiler.contract import COMMAND
from compiler.deliveries.efs import EfsDelivery
from compiler.model.stack import StackBuilder
from tests.spec.minimal import minimal

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_the_sync_lays_releases_with_the_image_of_airflow(mounted: Case) -> None:
    """It keeps them as long as the YAML says, and clears away what an earlier Windsock had in its folders."""
    container = mounted.container_of("Sync")
    code = mounted.env.code
    assert container["Command"] == [
        *("bash", "-c"),
        f"exec python -m windsock_runtime.releases.sync {code.keep} {code.keep_days} /mnt/plugins /mnt/config",
    ]
    assert container["Image"] == mounted.container_of("Command")["Image"]
    assert container["User"] == "50000:0"
    assert {point["ContainerPath"]: point["ReadOnly"] for point in container["MountPoints"]} == {
        "/mnt/dags": False,
        "/mnt/plugins": False,
        "/mnt/config": False,
    }


def test_airflow_cannot_write_the_releases_that_it_mounts(mounted: Case) -> None:
    """Each container links the current one before Airflow starts."""
    container = mounted.container_of("Command")
    assert {point["ContainerPath"]: point["ReadOnly"] for point in container["MountPoints"]} == {
        "/opt/airflow/releases": True,
        "/opt/airflow/logs": False,
    }
    assert container["Command"][-1].startswith("python -m windsock_runtime.fetch_release && exec ")


def test_an_environment_that_deletes_itself_reports_nothing() -> None:
    """CloudFormation deletes no bucket that holds a report."""
    for more, sids in (("ttl: 3d\n", []), ("", ["ReportRelease"])):
        delivery = EfsDelivery(minimal(more=more))
        variables = delivery.variables(StackBuilder(name="services", template=Template()))
        assert ("WINDSOCK_CODE_BUCKET" in variables) is bool(sids)
        assert [one.sid for one in delivery.write_permissions(COMMAND) if "Mount" not in one.sid] == sids
