"""What is paid by the hour or by the month comes out as one line that says of what."""

import pytest

from tests.pricing.conftest import Charged


def test_hourly_and_monthly_prices_become_hourly_lines(charged: Charged) -> None:
    """Both lines hold the price of an hour, so that a bill can add them up."""
    charge = charged("AWS::SecretsManager::Secret", {})
    assert charge.by_the_hour("address", "ipv4.hour", 2).hourly == 0.01
    assert charge.by_the_month("secret", "secret.month", 3).monthly == pytest.approx(3.0)


def test_a_price_by_use_lasts_while_anything_runs(charged: Charged) -> None:
    """A price of 7.30 a month shrinks when everything sleeps most of the month."""
    line = charged("AWS::EFS::FileSystem", {}, running=73).while_running("traffic", 7.30)
    assert line.monthly == pytest.approx(0.73)


def test_a_line_names_its_resource(charged: Charged) -> None:
    """Stack and logical id, also for a resource without a price."""
    charge = charged("AWS::SecretsManager::Secret", {})
    assert charge.by_the_hour("address", "ipv4.hour").path == "stack/It"
    assert charge.unpriced("nobody knows").path == "stack/It"
