"""The options that Windsock sets are options of the release."""

import pytest

from spec.releases.option_list import doubtful_options
from spec.releases.table import RELEASES, Release


@pytest.mark.parametrize("release", RELEASES.values(), ids=RELEASES)
def test_every_option_is_one_of_the_release(release: Release) -> None:
    """Those of every environment and those of `dev`, under the names that the release has for them."""
    assert list(doubtful_options(release.version, release.config)) == []
    assert list(doubtful_options(release.version, release.development)) == []
