"""The delivery `efs` fits every environment."""

from spec.releases.table import RELEASES
from spec.sections.deliveries.efs import Efs


def test_it_fits_everywhere_and_needs_the_bundle_of_windsock() -> None:
    """Where there are bundles: a run keeps the release that it began with."""
    efs = Efs()
    assert [bool(efs.config(release, None)) for release in RELEASES.values()] == [
        release.dag_bundles for release in RELEASES.values()
    ]
    assert not list(efs.check_surroundings("none", expires=True))
