"""`windsock secrets`: a client comes in by stdin or by hand, and shows nowhere."""

import io

import pytest

from cli.parser import UsageRefusal
from cli.screen import Screen
from cli.verbs.secrets import read_client
from tests.cli.shell import Windsock


def _piped(text: str) -> Screen:
    return Screen(io.StringIO(), io.StringIO(), io.StringIO(text), colour=False, live=False)


@pytest.mark.parametrize(
    "text",
    [
        "an-id\na-secret\n",
        '{"client_id": "an-id", "client_secret": "a-secret"}',
        '{\n "web": {"client_id": "an-id",\n "client_secret": "a-secret", "redirect_uris": []}}\n',
    ],
)
def test_a_client_is_read(text: str) -> None:
    """Two lines, or the JSON that providers offer for download."""
    client = read_client(_piped(text))
    assert (client.client_id, client.client_secret) == ("an-id", "a-secret")
    assert "a-secret" not in repr(client)


@pytest.mark.parametrize(
    "text", ["", "an-id\n", "\n\n", "{", '{"web": []}', '{"installed": {"client_id": "a-secret"}}']
)
def test_no_client(text: str) -> None:
    """Anything else is refused, and not quoted."""
    with pytest.raises(UsageRefusal, match="no OAuth client") as caught:
        read_client(_piped(text))
    assert "a-secret" not in f"{caught.value}{caught.value.__cause__}"


def test_there_is_only_set(windsock: Windsock) -> None:
    """Another action is refused before AWS is asked."""
    ran = windsock("secrets", "get", "env.yaml", "oauth")
    assert ran.code == 2
    assert "set" in ran.err
