"""A database in a container has an image of its engine; an RDS instance has none."""

import json
from pathlib import Path

from acceptance.database_images import DATABASE_IMAGES, ENGINE_IMAGES, database_image
from spec.reference.json_schema import json_schema
from spec.releases.engines import ENGINES
from tests.deployer.fakes.environment import environment


def test_an_instance_has_no_image(tmp_path: Path) -> None:
    """The emulator runs its server itself, so nothing is built."""
    assert database_image(environment(), tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_every_kind_of_database_is_known() -> None:
    """The roster has the words of the YAML's section."""
    definitions = json.loads(json_schema())["$defs"]
    assert set(DATABASE_IMAGES) == {definitions[name]["properties"]["kind"]["const"] for name in ("Rds", "Container")}


def test_every_engine_has_an_image() -> None:
    """Those that the YAML may name."""
    assert set(ENGINE_IMAGES) == set(ENGINES)
