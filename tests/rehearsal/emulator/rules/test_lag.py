"""The promises of rehearsal/emulator/rules/lag.py."""

from rehearsal.emulator.rules.lag import MOST_LOOKS, Lag


def _missed(tasks: Lag, arn: str) -> int:
    tasks.start(arn)
    return next(count for count in range(MOST_LOOKS + 1) if tasks.look(arn))


def test_the_first_look_misses_a_new_task() -> None:
    """And at most three of them do; then every look sees it."""
    tasks = Lag()
    missed = [_missed(tasks, str(number)) for number in range(50)]
    assert {*missed} == {1, 2, 3}
    assert all(tasks.look(str(number)) for number in range(50))


def test_every_run_has_the_same_lag() -> None:
    """A rehearsal that failed can be run again."""
    first, second = Lag(), Lag()
    assert [_missed(first, str(number)) for number in range(20)] == [
        _missed(second, str(number)) for number in range(20)
    ]


def test_a_task_that_a_service_started_is_seen_at_once() -> None:
    """Whoever asks for it has found it in a list."""
    assert Lag().look("of a service")
