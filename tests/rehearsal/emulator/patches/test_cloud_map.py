"""The promises of rehearsal/emulator/patches/cloud_map.py, in an emulator."""

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
RESOLVE = "import socket; print(socket.gethostbyname('web.yard.local'))"


def test_a_service_is_found_by_its_cloud_map_name(serving: Yard) -> None:
    """The name resolves, in every task, to the address of the service's running task."""
    (task,) = serving.tasks(serving.outputs["Web"])
    (address,) = [
        detail["value"]
        for attachment in task["attachments"]
        for detail in attachment["details"]
        if detail["name"] == "privateIPv4Address"
    ]
    assert serving.run("python", "-c", RESOLVE) == [address]
