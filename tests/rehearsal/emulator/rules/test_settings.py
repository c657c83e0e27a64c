"""The promises of rehearsal/emulator/rules/settings.py."""

from pathlib import Path

from rehearsal.emulator.rules.settings import Settings, read


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """Every setting comes back as it was, doors that are not there included."""
    settings = Settings(str(tmp_path), 4566, 8080, "eu-central-1", "012345678901", 3, 4, -1)
    settings.write()
    assert read(settings.path) == settings
