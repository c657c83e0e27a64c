"""What rehearsals build does not fill the disk."""

import os
from pathlib import Path

from acceptance.images.cache import NEWEST, limit_cache


def test_each_kind_is_bounded_and_the_base_images_stay(tmp_path: Path) -> None:
    """Whatever is built is one of these, or there are few of it."""
    names = [pattern.replace("*", f"{number:02}") for pattern, newest in NEWEST.items() for number in range(newest + 2)]
    for name in (*names, "images", "emulator-1"):
        (tmp_path / "environments" / name).mkdir(parents=True)
        os.utime(tmp_path / "environments" / name, (0, 0))
    limit_cache(tmp_path / "environments")
    left = [path.name for path in (tmp_path / "environments").iterdir() if path.is_dir()]
    assert {pattern: sum(name.startswith(pattern[:-1]) for name in left) for pattern in NEWEST} == dict(NEWEST)
    assert {"images", "emulator-1"} <= set(left)
