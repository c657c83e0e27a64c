"""Waiting is bounded, and slows down while nothing happens."""

import pytest

from deployer.aws.polling import AWS, LOOPBACK, Clock, Reminder
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
    """From the shortest to the longest, and they stay there for twenty times as long; then to the double."""
    clock = Clock(shortest=1, longest=3)
    waits = [1.0]
    for _ in range(8):
        waits.append(clock.slower(waits[-1], sum(waits)))
    assert waits == sorted(waits)
    assert waits[-1] == 3
    assert [clock.slower(3, waited) for waited in (60, 80, 120, 1000)] == [3, 4, 4.5, 4.5]
    assert [clock.slower(4.5, waited) for waited in (80, 120, 1000)] == [4, 6, 6]


def test_news_bring_the_next_look_nearer() -> None:
    """More of it may follow soon; the shortest pause is the shortest."""
    clock = Clock(shortest=1, longest=5)
    assert clock.quicker(4.5) == 2
    assert clock.quicker(1) == 1


@pytest.mark.parametrize(
    ("pace", "seconds", "most"),
    [(AWS, 60, 16), (AWS, 600, 79), (AWS, 3600, 379), (LOOPBACK, 10, 21), (LOOPBACK, 60, 69)],
)
def test_so_many_looks_at_most_are_taken_at_what_takes_so_long(pace: Clock, seconds: float, most: int) -> None:
    """AWS throttles, and a machine under load takes longer; the end is seen within two of the longest pauses."""
    time, looks = FakeTime(0), list[float]()
    clock = Clock(now=time.now, sleep=time.sleep, shortest=pace.shortest, longest=pace.longest)

    def look() -> bool | None:
        looks.append(time.now())
        return True if time.now() >= seconds else None

    assert clock.until(look, limit=2 * seconds)
    assert len(looks) <= most
    assert time.now() - seconds <= 2 * pace.longest


def test_a_wait_says_every_minute_what_it_waits_for_and_since_when() -> None:
    """Not more often, and nothing before the first minute is over."""
    time, told = FakeTime(), list[str]()
    remind = Reminder(Clock(now=time.now, sleep=time.sleep), told.append)
    for _ in range(15):
        time.sleep(10)
        remind("the sync task is RUNNING")
    assert told == ["Waiting since 1 min: the sync task is RUNNING", "Waiting since 2 min: the sync task is RUNNING"]
