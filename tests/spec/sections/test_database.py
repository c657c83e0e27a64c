"""The database is one that RDS sells, or a container of an engine that the release was tested with."""

import pytest

from spec.aws_facts.rds import GP3_MINIMUM_GIB, INSTANCE_CLASSES, POSTGRES_VERSIONS
from spec.sections.database import Container, Rds
from tests.spec.sound import bent, refused


def rds(more: str) -> Rds:
    """Return the instance that an environment with this section has."""
    database = bent(more=more).database
    assert isinstance(database, Rds)
    return database


def container(more: str) -> Container:
    """Return the container that an environment with these keys besides its kind has."""
    database = bent(more=f"database: {{kind: container, {more}}}\n").database
    assert isinstance(database, Container)
    return database


@pytest.mark.parametrize("instance", INSTANCE_CLASSES)
def test_instance_classes(instance: str) -> None:
    """Every class of the table is taken."""
    assert rds(f"database: {{instance: {instance}}}\n").instance == instance


def test_instance_class_of_the_same_family() -> None:
    """A class that does not exist is answered with those of its family."""
    assert "db.m6g.large" in refused(more="database: {instance: db.m6g.micro}\n").hint
    assert "db.t4g.micro" in refused(more="database: {instance: big}\n").hint


@pytest.mark.parametrize("version", POSTGRES_VERSIONS)
def test_versions(version: str) -> None:
    """Every major version of the table is taken."""
    assert rds(f'database: {{version: "{version}"}}\n').version == version


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
    assert rds("database: {storage_gb: 20, max_storage_gb: 22}\n").max_storage_gb == 22
    assert rds("database: {storage_gb: 20}\n").max_storage_gb is None


def test_smallest_and_largest() -> None:
    """The bounds themselves are taken."""
    assert rds(f"database: {{storage_gb: {GP3_MINIMUM_GIB}}}\n").storage_gb == 20
    assert rds("database: {storage_gb: 65536, backup_days: 35}\n").backup_days == 35
    assert refused(more="database: {backup_days: 36}\n").message == "36 is more than 35"


def test_a_container_is_small_and_keeps_its_files() -> None:
    """Engine, size and storage have defaults that fit a branch; only the version is for the user to say."""
    small = container('version: "15"')
    assert (small.engine, small.cpu, small.memory, small.storage) == ("postgres", 256, 512, "efs")
    assert small.persistent
    assert not container('version: "15", storage: ephemeral').persistent


@pytest.mark.parametrize(("engine", "port", "driver"), [("postgres", 5432, "psycopg2"), ("mysql", 3306, "pymysql")])
def test_an_engine_brings_its_facts(engine: str, port: int, driver: str) -> None:
    """Port and driver are those of the engine; an instance knows them too."""
    version = {"postgres": "15", "mysql": "8.0"}[engine]
    facts = container(f'engine: {engine}, version: "{version}"').facts
    assert (facts.port, facts.driver) == (port, driver)
    assert bent().database.facts.port == 5432


def test_a_version_is_one_that_the_release_was_tested_with() -> None:
    """The release decides; what it was tested with is offered, per engine."""
    assert refused(more='database: {kind: container, version: "18"}\n').hint == 'valid: "11", "12", "13", "14", "15"'
    assert refused(more='database: {kind: container, engine: mysql, version: "15"}\n').hint == 'valid: "5.7", "8.0"'
    newest = 'version: 3.3.2, python: "3.12"'
    fault = refused('version: 2.5.3, python: "3.10"', newest, more='database: {kind: container, version: "13"}\n')
    assert fault.message == "Airflow 3.3.2 does not support PostgreSQL 13"
    assert fault.path == "database.version"
    fault = refused(
        'version: 2.5.3, python: "3.10"', newest, more='database: {kind: container, engine: mysql, version: "5.7"}\n'
    )
    assert (fault.path, fault.hint) == ("database.version", 'valid: "8.0", "8.4"')


def test_a_size_is_one_that_fargate_sells() -> None:
    """The default memory is no excuse."""
    fault = refused(more='database: {kind: container, version: "15", cpu: 512}\n')
    assert (fault.path, fault.line) == ("database.memory", 5)
    assert "1024" in fault.hint


def test_keys_of_the_other_kind_are_refused() -> None:
    """Neither has the other's sizes."""
    fault = refused(more='database: {kind: container, version: "15", instance: db.t4g.micro}\n')
    assert fault.message == "instance does not go with this kind of database"
    assert refused(more="database: {cpu: 256}\n").path == "database.cpu"


def test_a_kind_that_is_neither() -> None:
    """Both kinds are offered."""
    assert refused(more="database: {kind: aurora}\n").hint == "valid: rds, container"


def test_a_database_that_forgets_does_not_sleep() -> None:
    """It would be empty every morning; on the file system it is what it was."""
    hours = 'schedule: {on: "08:00-18:00 Mon-Fri", timezone: UTC}\n'
    fault = refused(more=f'database: {{kind: container, version: "15", storage: ephemeral}}\n{hours}')
    assert (fault.path, fault.hint) == ("database.storage", "choose storage: efs, or remove schedule")
