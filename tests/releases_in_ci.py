"""Says on which Airflow releases CI runs tests that need an Airflow; `make endurance` runs them on all."""

import pytest

from spec.releases.table import RELEASES

IN_CI = frozenset({"2.5.3", "2.10.5", "2.11.2", "3.3.2"})

EVERY_RELEASE = [
    pytest.param(release, id=version, marks=() if version in IN_CI else pytest.mark.endurance)
    for version, release in RELEASES.items()
]
"""All releases, as parameters of a test."""
