"""The database is one that RDS sells."""

import pytest

from spec.rds import GP3_MINIMUM_GIB, INSTANCE_CLASSES, POSTGRES_VERSIONS
from tests.spec.sound import bent, refused


@pytest.mark.parametrize("instance", INSTANCE_CLASSES)
def test_instance_classes(instance: str) -> None:
    """Every class of the table is taken."""
    assert bent(more=f"database: {{instance: {instance}}}\n").database.instance == instance


def test_instance_class_of_the_same_family() -> None:
    """A class that does not exist is answered with those of its family."""
    assert "db.m6g.large" in refused(more="database: {instance: db.m6g.micro}\n").hint
    assert "db.t4g.micro" in refused(more="database: {instance: big}\n").hint


@pytest.mark.parametrize("version", POSTGRES_VERSIONS)
def test_versions(version: str) -> None:
    """Every major version of the table is taken."""
    assert bent(more=f'database: {{version: "{version}"}}\n').database.version == version


@pytest.mark.parametrize(("size", "hint"), [(10, "use 20 or more"), (19, "20"), (-1, "20"), (65537, "65536")])
def test_sizes_that_are_not_sold(size: int, hint: str) -> None:
    """The 10 GB of the usual walkthrough is told the minimum of a gp3 volume."""
    assert hint in refused(more=f"database: {{storage_gb: {size}}}\n").hint


@pytest.mark.parametrize("most", [20, 21, 65537])
def test_a_volume_needs_room_to_grow(most: int) -> None:
    """A maximum below a tenth above the size, or above what RDS sells, is refused with what would do."""
    assert "use 22 to 65536" in refused(more=f"database: {{storage_gb: 20, max_storage_gb: {most}}}\n").hint


def test_a_volume_may_grow() -> None:
    """The bounds of growth are taken, and by default nothing grows."""
    assert bent(more="database: {storage_gb: 20, max_storage_gb: 22}\n").database.max_storage_gb == 22
    assert bent(more="database: {storage_gb: 20}\n").database.max_storage_gb is None


def test_smallest_and_largest() -> None:
    """The bounds themselves are taken."""
    assert bent(more=f"database: {{storage_gb: {GP3_MINIMUM_GIB}}}\n").database.storage_gb == 20
    assert bent(more="database: {storage_gb: 65536, backup_days: 35}\n").database.backup_days == 35
    assert refused(more="database: {backup_days: 36}\n").message == "36 is more than 35"
