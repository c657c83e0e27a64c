"""The promises of rehearsal/images/emulator_image.py."""

from rehearsal.images.emulator_image import LOCK_FILE


def test_the_emulator_is_pinned() -> None:
    """Every package of the environment in which it runs."""
    lines = [line for line in LOCK_FILE.read_text().splitlines() if line and not line.startswith(("#", " "))]
    assert any(line.startswith("ministack") for line in lines)
    assert all("==" in line for line in lines)
