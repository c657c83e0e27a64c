"""The provider's settings are complete, and its failures are reported."""

from pathlib import Path

import pytest

from rehearsal.clients.oidc_provider import Identity, Internet, Provider
from rehearsal.host.errors import RehearsalFailure

ADDRESSES = {"authorization": "https://a.example/o/auth", "token": "https://b.example/token"}


def test_the_settings_have_every_name_of_the_provider() -> None:
    """The issuer's own, and those of further addresses, each once."""
    settings = Identity(Path("/env"), "https://a.example/realm", ADDRESSES).settings
    assert settings["identity_hosts"] == ("a.example", "b.example")
    assert settings["identity_aliases"] == {"/o/auth": "/oauth2/authorize", "/token": "/oauth2/token"}
    assert settings["identity_issuer"] == "https://a.example/realm"


def test_a_provider_that_does_not_answer_is_reported(tmp_path: Path) -> None:
    """Nobody answers: the refusal says where to look."""
    provider = Provider(Internet("http://127.0.0.1:9", tmp_path / "authority.crt"), "http://a.example")
    with pytest.raises(RehearsalFailure, match=r"does not answer") as caught:
        provider.add_user("ada", email="ada@example.com")
    assert "identity.log" in caught.value.next_step
