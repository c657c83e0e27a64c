"""Waiting is bounded, and slows down while nothing happens."""

from deployer.aws.polling import Clock
from tests.deployer.fakes.session import FakeTime


def test_it_returns_what_it_waited_for() -> None:
    """The first answer ends the wait."""
    time = FakeTime()
    answers = iter([None, None, "there"])
    assert Clock(now=time.now, sleep=time.sleep).until(lambda: next(answers), limit=60) == "there"


def test_it_gives_up_at_the_limit() -> None:
    """Nobody waits for ever."""
    time = FakeTime(0)
    assert Clock(now=time.now, sleep=time.sleep).until(lambda: None, limit=60) is None
    assert 60 <= time.seconds < 64


def test_it_looks_less_often_with_time() -> None:
    """The waits grow from the shortest to the longest and stay there."""
    clock = Clock(shortest=1, longest=3)
    waits = [1.0]
    for _ in range(8):
        waits.append(clock.slower(waits[-1]))
    assert waits == sorted(waits)
    assert waits[-1] == 3
