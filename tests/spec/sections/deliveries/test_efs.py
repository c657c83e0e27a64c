"""The delivery `efs` fits every environment."""

from spec.releases.table import RELEASES
from spec.sections.deliveries.efs import Efs


def test_it_fits_everywhere_and_sets_no_option() -> None:
    """The release table names the directories that containers mount."""
    efs = Efs()
    assert efs.config(None) == {}
    assert not [each for release in RELEASES.values() for each in efs.check_release(release)]
    assert not list(efs.check_surroundings("none", expires=True))
