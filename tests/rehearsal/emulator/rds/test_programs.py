"""The promises of rehearsal/emulator/rds/programs.py."""

from pathlib import Path

import pytest

from rehearsal.emulator.rds import programs


def test_missing_postgres_programs_are_reported() -> None:
    """They live in the emulator's environment, not in this one."""
    with pytest.raises(RuntimeError, match="no pgserver"):
        programs.installed()


def test_libraries_lie_beside_the_package() -> None:
    """As the wheel lays them out."""
    assert programs.libraries(Path("/env/pgserver/pginstall")) == Path("/env/pgserver.libs")
