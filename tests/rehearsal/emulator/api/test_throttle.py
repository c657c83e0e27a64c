"""The promises of rehearsal/emulator/api/throttle.py."""

import itertools

from rehearsal.emulator.api.throttle import FEWEST, MOST, THROTTLED, Throttle


def _refused(throttle: Throttle, service: str, calls: int) -> list[int]:
    return [number for number in range(calls) if throttle.refuse(service)]


def test_one_call_of_many_is_refused() -> None:
    """Never two in a row, and the same ones in every run."""
    first, second = (_refused(Throttle(), "ecs", 10 * MOST) for _ in range(2))
    assert first == second
    gaps = [after - before for before, after in itertools.pairwise(first)]
    assert all(FEWEST <= gap <= MOST for gap in gaps)
    assert len(gaps) >= 9


def test_each_service_counts_by_itself() -> None:
    """A service that a deploy asks rarely refuses nothing."""
    throttle = Throttle()
    assert _refused(throttle, "s3", 10 * MOST) == []
    assert throttle.refuse("rds") is None
    assert THROTTLED.code == "Throttling"
