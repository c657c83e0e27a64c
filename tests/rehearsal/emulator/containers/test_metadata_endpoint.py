"""The promises of rehearsal/emulator/containers/metadata_endpoint.py, in an emulator."""

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
ASK = """
import json, os, urllib.request
def ask(address): return json.load(urllib.request.urlopen(address))
"""


def test_credentials_outlive_a_rehearsal(yard: Yard) -> None:
    """SDKs ask again fifteen minutes before the end, in the format that they parse."""
    program = (
        f"{ASK}import datetime\n"
        "found = ask('http://169.254.170.2' + os.environ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'])\n"
        "end = datetime.datetime.strptime(found['Expiration'], '%Y-%m-%dT%H:%M:%SZ')\n"
        "print(end - datetime.datetime.utcnow() > datetime.timedelta(hours=1))"
    )
    assert yard.run("python", "-W", "ignore", "-c", program) == ["True"]


def test_metadata_are_those_of_the_task(yard: Yard) -> None:
    """MiniStack answers, with the names of the task and of its container."""
    program = f"{ASK}found = ask(os.environ['ECS_CONTAINER_METADATA_URI_V4'])\nprint(found['Name'])"
    assert yard.run("python", "-c", program) == ["once"]
