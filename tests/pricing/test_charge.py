"""What is paid by the hour or by the month comes out as one line that says of what."""

import pytest

from tests.pricing.conftest import Charged


def test_by_the_hour_and_by_the_month(charged: Charged) -> None:
    """Both are given by the hour, so that bills can be added up either way."""
    charge = charged("AWS::SecretsManager::Secret", {})
    assert charge.by_the_hour("address", "ipv4.hour", 2).hourly == 0.01
    assert charge.by_the_month("secret", "secret.month", 3).monthly == pytest.approx(3.0)


def test_while_anything_runs(charged: Charged) -> None:
    """What would be 7.30 a month is less when everything sleeps most of it."""
    line = charged("AWS::EFS::FileSystem", {}, running=73).while_running("traffic", 7.30)
    assert line.monthly == pytest.approx(0.73)


def test_lines_say_of_what(charged: Charged) -> None:
    """Stack and logical id, also of what has no price."""
    charge = charged("AWS::SecretsManager::Secret", {})
    assert charge.by_the_hour("address", "ipv4.hour").path == "stack/It"
    assert charge.unpriced("nobody knows").path == "stack/It"
