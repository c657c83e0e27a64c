"""The releases on whose databases is looked what is due."""

import pytest

from spec.releases.table import Release
from tests.releases_in_ci import EVERY_RELEASE

OF_EACH_FAMILY = frozenset({"2.5.3", "2.11.2", "3.3.2"})


@pytest.fixture(params=[each for each in EVERY_RELEASE if each.id in OF_EACH_FAMILY], scope="module")
def release(request: pytest.FixtureRequest) -> Release:
    """Return the oldest and the newest Airflow 2, and Airflow 3; what they store did not change between."""
    found: Release = request.param
    return found
