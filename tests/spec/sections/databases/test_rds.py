"""An RDS instance is one that AWS sells."""

import pytest

from spec.aws_facts.rds import GP3_MINIMUM_GIB, INSTANCE_CLASSES, POSTGRES_VERSIONS
from spec.sections.databases.rds import Rds
from tests.spec.minimal import minimal, refused


def rds(more: str) -> Rds:
    """Return the instance that an environment with this section has."""
    database = minimal(more=more).database
    assert isinstance(database, Rds)
    return database


SEED = "arn:aws:secretsmanager:us-west-2:123456789012:secret:FernetSeed-AbCdEf"
RESTORED = f"database: {{restore_from: {{snapshot: demo-database-1, fernet_seed: {SEED}}}}}\n"


def test_a_snapshot_comes_with_the_secrets_that_belong_to_it() -> None:
    """Without the key nobody could read what it encrypts; an empty database has neither."""
    restored = rds(RESTORED)
    assert (restored.restored_snapshots, restored.restored_secrets) == (("demo-database-1",), {"fernet_seed": SEED})
    both = rds(RESTORED.replace("}}", f", admin_password: {SEED}}}}}"))
    assert both.restored_secrets == {"fernet_seed": SEED, "admin_password": SEED}
    assert (rds("").restored_snapshots, rds("").restored_secrets) == ((), {})


@pytest.mark.parametrize("instance", INSTANCE_CLASSES)
def test_every_instance_class_of_the_table_is_taken(instance: str) -> None:
    """Every class of the table is taken."""
    assert rds(f"database: {{instance: {instance}}}\n").instance == instance


def test_an_unknown_instance_class_is_answered_with_its_family() -> None:
    """A class that does not exist is answered with those of its family."""
    assert "db.m6g.large" in refused(more="database: {instance: db.m6g.micro}\n").hint
    assert "db.t4g.micro" in refused(more="database: {instance: big}\n").hint


@pytest.mark.parametrize("version", POSTGRES_VERSIONS)
def test_every_version_of_the_table_is_taken(version: str) -> None:
    """Every major version of the table is taken."""
    assert rds(f'database: {{version: "{version}"}}\n').version == version


@pytest.mark.parametrize(("size", "hint"), [(10, "use 20 or more"), (19, "20"), (-1, "20"), (65537, "65536")])
def test_a_size_that_gp3_does_not_have_is_refused_with_the_bound(size: int, hint: str) -> None:
    """The 10 GB of the usual walkthrough is less than the minimum of a gp3 volume."""
    assert hint in refused(more=f"database: {{storage_gb: {size}}}\n").hint


@pytest.mark.parametrize("most", [20, 21, 65537])
def test_a_maximum_without_room_to_grow_is_refused(most: int) -> None:
    """A maximum below a tenth above the size, or above what RDS sells, is refused with what would do."""
    assert "use 22 to 65536" in refused(more=f"database: {{storage_gb: 20, max_storage_gb: {most}}}\n").hint


def test_a_maximum_with_room_to_grow_is_taken() -> None:
    """The bounds of growth are taken, and by default nothing grows."""
    assert rds("database: {storage_gb: 20, max_storage_gb: 22}\n").max_storage_gb == 22
    assert rds("database: {storage_gb: 20}\n").max_storage_gb is None


def test_the_bounds_of_size_and_backups_are_taken() -> None:
    """The bounds themselves are taken."""
    assert rds(f"database: {{storage_gb: {GP3_MINIMUM_GIB}}}\n").storage_gb == 20
    assert rds("database: {storage_gb: 65536, backup_days: 35}\n").backup_days == 35
    assert refused(more="database: {backup_days: 36}\n").message == "36 is more than 35"


@pytest.mark.parametrize(("version", "fits"), [("14", True), ("15", True), ("16", False), ("18", False)])
def test_a_new_environment_needs_a_version_that_its_release_was_tested_with(version: str, *, fits: bool) -> None:
    """One that is deployed goes on, since RDS takes no version back; the valid ones are those that RDS has."""
    env = minimal(more=f'database: {{version: "{version}"}}\n')
    found = list(env.database.check_new(env.airflow.release))
    expected = [(f"Airflow 2.5.3 was not tested with PostgreSQL {version}", 'valid: "14", "15"')]
    assert [(one.message, one.hint) for one in found] == ([] if fits else expected)


def test_an_upgrade_goes_only_to_a_version_that_the_release_was_tested_with() -> None:
    """An instance that stands may have another one; none is brought there."""
    assert refused(more='database: {version: "16", allow_major_version_upgrade: true}\n').message == (
        "Airflow 2.5.3 was not tested with PostgreSQL 16"
    )
    assert rds('database: {version: "15", allow_major_version_upgrade: true}\n').allow_major_version_upgrade
    assert not rds('database: {version: "16"}\n').allow_major_version_upgrade
