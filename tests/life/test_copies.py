"""A whole life with copies by AWS Backup: their vault and what decrypts them stay, and nothing else does."""

import pytest

from tests.life.kept import ROOT, windsock

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

STAY = ("the vault", "the key", "the Fernet seed", "the admin password")


def test_an_environment_with_copies_leaves_them_and_nothing_else() -> None:
    """The rehearsal's own look at everything that AWS lists finds no more than a teardown names as kept."""
    done = windsock("rehearse", str(ROOT / "tests/life/copies.yaml"))
    assert done.returncode == 0, done.stderr
    assert f"AWS lists none beside the {len(STAY)} that stay with copies" in done.stderr
