"""`windsock extend`: what counts as a duration."""

from datetime import timedelta

import pytest

from cli.parser import UsageRefusal
from cli.verbs.extend import duration_of


def test_durations_are_those_of_the_yaml() -> None:
    """The same words as `ttl`."""
    assert duration_of("2d") == timedelta(days=2)
    assert duration_of("90m") == timedelta(minutes=90)


@pytest.mark.parametrize("text", ["2", "d", "-2d", "2 days", "0h", ""])
def test_anything_else_is_refused(text: str) -> None:
    """With the words in which it would be understood."""
    with pytest.raises(UsageRefusal, match="is no duration") as caught:
        duration_of(text)
    assert caught.value.next_step == "Write it as 90m, 12h, 3d or 2w."
