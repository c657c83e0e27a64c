"""A session is opened without a call, and knows when AWS is on this machine."""

from pathlib import Path

import pytest

from deployer.aws.errors import CredentialsRefusal
from deployer.aws.polling import AWS, LOOPBACK
from deployer.aws.service_models import ModelFiles
from deployer.aws.session import default_region, open_session


@pytest.mark.parametrize(
    ("url", "clock"),
    [
        ("http://127.0.0.1:4566", LOOPBACK),
        ("http://localhost:4566", LOOPBACK),
        ("https://aws.example.com", AWS),
        (None, AWS),
    ],
)
def test_polling_is_faster_on_this_machine(url: str | None, clock: object) -> None:
    """Nothing on this machine throttles."""
    assert open_session("us-west-2", endpoint_url=url, access_key="123456789012", secret_key="none").clock == clock


def test_an_unknown_profile_is_refused() -> None:
    """By its name, before any call."""
    with pytest.raises(CredentialsRefusal, match="no AWS profile no-such-profile"):
        open_session("us-west-2", profile="no-such-profile")


def test_clients_are_made_once() -> None:
    """They share their limits."""
    session = open_session("us-west-2", endpoint_url="http://127.0.0.1:9", access_key="123456789012", secret_key="none")
    assert session.ecs is session.ecs


def test_the_region_of_the_variables_or_the_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order in which AWS's own tools look; none is no error here."""
    (tmp_path / "config").write_text("[profile dev]\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    assert default_region(None) is None
    assert default_region("dev") == "eu-west-1"
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    assert default_region("dev") == "us-west-2"
    with pytest.raises(CredentialsRefusal, match="nobody"):
        default_region("nobody")


def test_sessions_share_what_they_read_of_services(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model of a service is read once for all sessions: that of EC2 takes time and memory."""
    read: list[str] = []
    load = ModelFiles.load_file

    def counted(loader: ModelFiles, path: str) -> object:
        read.append(path)
        return load(loader, path)

    monkeypatch.setattr(ModelFiles, "load_file", counted)
    for account in ("123456789012", "210987654321"):
        session = open_session("us-west-2", endpoint_url="http://127.0.0.1:9", access_key=account, secret_key="none")
        session.client("polly")
    assert len([path for path in read if "/polly/" in path and path.endswith("service-2")]) == 1
