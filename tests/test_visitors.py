"""The table of visitors says what the pages of the releases say."""

import pytest

from tests.conftest import Golden
from tests.visitors import FOLDER, RELEASES, attempts, render


def test_the_table_has_every_attempt_on_every_release(golden: Golden) -> None:
    """One row each, with a column for each release."""
    golden(FOLDER / "visitors.md", render())


@pytest.mark.parametrize("release", RELEASES)
def test_a_password_can_be_guessed_only_so_often_behind_the_web_acl(release: str) -> None:
    """On every release, at each path that takes one."""
    behind = {attempt: happened for attempt, happened in attempts(release).items() if "behind `web.waf`" in attempt}
    assert behind
    assert all("is refused with 403" in happened for happened in behind.values())
