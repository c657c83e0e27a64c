"""A database in a container has an image of its engine; an RDS instance has none."""

from pathlib import Path

from acceptance.database_images import ENGINE_IMAGES, database_image
from spec.releases.engines import ENGINES
from tests.deployer.fakes.environment import environment


def test_an_instance_has_no_image(tmp_path: Path) -> None:
    """The emulator runs its server itself, so nothing is built."""
    assert database_image(environment(), tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_every_engine_has_an_image() -> None:
    """Those that the YAML may name."""
    assert set(ENGINE_IMAGES) == set(ENGINES)
