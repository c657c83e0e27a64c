"""What is paid by the hour or by the month comes out as one line that says of what."""

import pytest

from tests.pricing.conftest import Charged


def test_by_the_hour_and_by_the_month(charged: Charged) -> None:
    """Both are given by the hour, so that bills can be added up either way."""
    charge = charged("AWS::SecretsManager::Secret", {})
    assert charge.by_the_hour("address", "ipv4.hour", 2).hourly == 0.01
    assert charge.by_the_month("secret", "secret.month", 3).monthly == pytest.approx(3.0)


def test_lines_say_of_what(charged: Charged) -> None:
    """Stack and logical id, also of what has no price."""
    charge = charged("AWS::SecretsManager::Secret", {})
    assert charge.by_the_hour("address", "ipv4.hour").path == "stack/It"
    assert charge.unpriced("nobody knows").path == "stack/It"
