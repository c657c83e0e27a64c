"""What sleeping saves is told with what keeps it awake, and with what nobody knows."""

from cli.cost.sleep import Sleep, sleep_data, sleep_text
from cli.sleeping.awake_hours import AwakeHours


def test_it_says_what_it_is_awake_for_and_what_it_would_cost_always() -> None:
    """Most runs first."""
    text = sleep_text(Sleep(AwakeHours(hours=61.4, runs={"weekly": 4.3, "nightly": 30.4}, unread=()), 98.765))
    assert "Awake 61 of 730 hours a month" in text
    assert "always awake it would cost 98.77." in text
    assert "What it is awake for: nightly (30 runs), weekly (4 runs)." in text
    assert "Not known" not in text


def test_what_is_not_known_makes_it_the_least() -> None:
    """Each schedule that nobody can read has its reason."""
    text = sleep_text(Sleep(AwakeHours(hours=10.0, runs={}, unread=("orders: it waits for an asset",)), 50.0))
    assert "Awake at least 10 of 730 hours a month" in text
    assert "What it is awake for" not in text
    assert text.endswith("Not known, and not in it: orders: it waits for an asset")


def test_the_data_say_the_same() -> None:
    """Without any where it does not sleep so."""
    assert sleep_data(None) == {"sleep": None}
    told = sleep_data(Sleep(AwakeHours(hours=10.0, runs={"nightly": 30.0}, unread=("why",)), 50.0))["sleep"]
    assert told == {"awake_hours": 10.0, "runs": {"nightly": 30.0}, "unread": ("why",), "always_on": 50.0}
