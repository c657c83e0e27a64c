"""The promises of rehearsal/emulator/containers/metadata_endpoint.py that need no emulator."""

from datetime import UTC, datetime, timedelta

from rehearsal.emulator.containers.metadata_endpoint import credentials
from rehearsal.emulator.rules.settings import Settings

SETTINGS = Settings(
    directory="/nowhere",
    gateway_port=4566,
    web_port=8080,
    region="eu-central-1",
    account="012345678901",
    secret_key="of-this-session",
    gateway_fd=3,
    web_fd=4,
    client_address="198.51.100.1",
    parent_fd=-1,
)


def test_credentials_are_those_of_the_account() -> None:
    """The emulator reads the account from the access key."""
    answered = credentials(SETTINGS)
    assert answered["AccessKeyId"] == "012345678901"
    assert answered["SecretAccessKey"] == "of-this-session"
    assert answered["Token"]


def test_credentials_outlive_a_rehearsal() -> None:
    """SDKs ask again fifteen minutes before the end, in the format that they parse."""
    end = datetime.strptime(credentials(SETTINGS)["Expiration"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert end - datetime.now(UTC) > timedelta(hours=1)
