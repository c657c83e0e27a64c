"""The promises of rehearsal/emulator/patches/cloud_map.py, in an emulator."""

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
RESOLVE = "import socket; print(*sorted(socket.gethostbyname_ex('web.yard.local')[2]), sep='\\n')"


def test_a_service_is_found_by_its_cloud_map_name(serving: Yard) -> None:
    """The name resolves, in every task, to the address of the service's running task."""
    (address,) = _addresses(serving)
    assert serving.run("python", "-c", RESOLVE) == [address]


def test_a_name_has_the_addresses_of_all_tasks_of_its_service(serving: Yard) -> None:
    """So a client that gets no answer from one tries the next."""
    ecs, web = serving.client("ecs"), {"cluster": serving.outputs["Cluster"], "service": serving.outputs["Web"]}
    ecs.update_service(**web, desiredCount=2)
    serving.until(lambda: len(_addresses(serving)) == 2)
    found = serving.run("python", "-c", RESOLVE)
    both = _addresses(serving)
    ecs.update_service(**web, desiredCount=1)
    serving.until(lambda: len(_addresses(serving)) == 1)
    assert found == sorted(both)


def _addresses(yard: Yard) -> list[str]:
    """Return the addresses of the running tasks of the web service."""
    tasks = (task for task in yard.tasks(yard.outputs["Web"]) if task["lastStatus"] == "RUNNING")
    details = (one for task in tasks for attachment in task["attachments"] for one in attachment["details"])
    return [one["value"] for one in details if one["name"] == "privateIPv4Address"]
