"""The cache keeps the newest, and what somebody uses."""

import os
import time
from pathlib import Path

import pytest

from rehearsal.images.unused import FRESH_SECONDS, remove_unused


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Return a cache with four images; the first was used longest ago, and the last just now."""
    cache, now = tmp_path / "environments", time.time()
    for number, age in enumerate((4 * FRESH_SECONDS, 3 * FRESH_SECONDS, 2 * FRESH_SECONDS, 0)):
        (cache / f"built-{number}" / "root" / "etc").mkdir(parents=True)
        os.utime(cache / f"built-{number}", (now - age, now - age))
    return cache


def _left(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir() if path.is_dir())


def test_the_newest_stay(cache: Path) -> None:
    """Nothing else is touched."""
    (cache / "images").mkdir()
    remove_unused(cache, "built-*", 2, cache.parent / "rehearsals")
    assert _left(cache) == ["built-2", "built-3", "images"]


def test_what_a_rehearsal_has_stays(cache: Path) -> None:
    """However old it is."""
    session = cache.parent / "rehearsals" / "demo"
    session.mkdir(parents=True)
    (session / "images.json").write_text(f'{{"a": {{"root": "{cache}/built-0/root"}}}}')
    remove_unused(cache, "built-*", 1, session.parent)
    assert _left(cache) == ["built-0", "built-3"]


def test_what_was_just_used_stays(cache: Path) -> None:
    """A rehearsal may be about to register it."""
    remove_unused(cache, "built-*", 0, cache.parent / "rehearsals")
    assert _left(cache) == ["built-3"]


def test_folders_that_nobody_may_write_to_go_too(cache: Path) -> None:
    """An image has some."""
    (cache / "built-0" / "root" / "etc" / "hosts").touch()
    (cache / "built-0" / "root" / "etc").chmod(0o500)
    remove_unused(cache, "built-*", 3, cache.parent / "rehearsals")
    assert "built-0" not in _left(cache)


def test_nothing_is_removed_while_a_session_cannot_be_read(cache: Path) -> None:
    """It is another user's, and may have anything; a folder in the place of its file is as unreadable."""
    (cache.parent / "rehearsals" / "theirs" / "images.json").mkdir(parents=True)
    remove_unused(cache, "built-*", 1, cache.parent / "rehearsals")
    assert len(_left(cache)) == 4
