"""The promises of rehearsal/emulator/rules/settings.py."""

from pathlib import Path

from rehearsal.emulator.rules.settings import Settings, read


def test_settings_are_read_as_written(tmp_path: Path) -> None:
    """Every setting comes back as it was, also a socket that it does not have."""
    settings = Settings(
        directory=str(tmp_path),
        gateway_port=4566,
        web_port=8080,
        region="eu-central-1",
        account="012345678901",
        secret_key="secret",
        gateway_fd=3,
        web_fd=4,
        client_address="198.51.100.1",
        parent_fd=-1,
    )
    settings.write()
    assert read(settings.path) == settings
