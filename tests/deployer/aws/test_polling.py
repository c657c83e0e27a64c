"""Waiting is bounded, and slows down while nothing happens."""

from deployer.aws.polling import Clock, Reminder
from tests.deployer.fakes.session import FakeTime


def test_the_first_answer_ends_the_wait() -> None:
    """The value is returned."""
    time = FakeTime()
    answers = iter([None, None, "there"])
    assert Clock(now=time.now, sleep=time.sleep).until(lambda: next(answers), limit=60) == "there"


def test_a_wait_ends_at_its_limit() -> None:
    """It returns None."""
    time = FakeTime(0)
    assert Clock(now=time.now, sleep=time.sleep).until(lambda: None, limit=60) is None
    assert 60 <= time.seconds < 60 + Clock().longest


def test_the_pauses_grow_to_the_longest() -> None:
    """From the shortest to the longest, and they stay there."""
    clock = Clock(shortest=1, longest=3)
    waits = [1.0]
    for _ in range(8):
        waits.append(clock.slower(waits[-1]))
    assert waits == sorted(waits)
    assert waits[-1] == 3


def test_a_wait_says_every_minute_what_it_waits_for_and_since_when() -> None:
    """Not more often, and nothing before the first minute is over."""
    time, told = FakeTime(), list[str]()
    remind = Reminder(Clock(now=time.now, sleep=time.sleep), told.append)
    for _ in range(15):
        time.sleep(10)
        remind("the sync task is RUNNING")
    assert told == ["Waiting since 1 min: the sync task is RUNNING", "Waiting since 2 min: the sync task is RUNNING"]
