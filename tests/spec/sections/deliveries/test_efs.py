"""The delivery `efs` fits every environment."""

from spec.releases.table import RELEASES
from spec.sections.deliveries.efs import Efs


def test_it_fits_everywhere_and_sets_no_option() -> None:
    """The release table names the directories that containers mount."""
    efs = Efs()
    assert not any(efs.config(release, None) for release in RELEASES.values())
    assert not list(efs.check_surroundings("none", expires=True))
