"""The promises of rehearsal/emulator/containers/metadata_endpoint.py that need no emulator."""

from datetime import UTC, datetime, timedelta

from rehearsal.emulator.containers.metadata_endpoint import credentials


def test_credentials_are_those_of_the_account() -> None:
    """The emulator reads the account from the access key."""
    answered = credentials("012345678901")
    assert answered["AccessKeyId"] == "012345678901"
    assert answered["SecretAccessKey"]
    assert answered["Token"]


def test_credentials_outlive_a_rehearsal() -> None:
    """SDKs ask again fifteen minutes before the end, in the format that they parse."""
    end = datetime.strptime(credentials("012345678901")["Expiration"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert end - datetime.now(UTC) > timedelta(hours=1)
