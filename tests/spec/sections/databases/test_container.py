"""A database container is of an engine that the release was tested with, and keeps what must survive."""

import pytest

from spec.sections.databases.container import Container
from tests.spec.minimal import minimal, refused


def container(more: str) -> Container:
    """Return the container that an environment with these keys besides its kind has."""
    database = minimal(more=f"database: {{kind: container, {more}}}\n").database
    assert isinstance(database, Container)
    return database


def test_a_container_is_small_and_persistent_by_default() -> None:
    """Engine, size and storage have defaults that fit a branch; only the version is for the user to say."""
    small = container('version: "15"')
    assert (small.engine, small.cpu, small.memory, small.storage) == ("postgres", 256, 512, "efs")
    assert small.persistent
    assert not container('version: "15", storage: ephemeral').persistent


@pytest.mark.parametrize(("engine", "port", "driver"), [("postgres", 5432, "psycopg2"), ("mysql", 3306, "pymysql")])
def test_port_and_driver_are_those_of_the_engine(engine: str, port: int, driver: str) -> None:
    """Port and driver are those of the engine; an instance knows them too."""
    version = {"postgres": "15", "mysql": "8.0"}[engine]
    facts = container(f'engine: {engine}, version: "{version}"').facts
    assert (facts.port, facts.driver) == (port, driver)
    assert minimal().database.facts.port == 5432


def test_a_version_that_the_release_was_not_tested_with_is_refused() -> None:
    """The release decides; what it was tested with is offered, per engine."""
    assert refused(more='database: {kind: container, version: "18"}\n').hint == 'valid: "11", "12", "13", "14", "15"'
    assert refused(more='database: {kind: container, engine: mysql, version: "15"}\n').hint == 'valid: "5.7", "8.0"'
    newest = 'version: 3.3.2, python: "3.12"'
    fault = refused('version: 2.5.3, python: "3.10"', newest, more='database: {kind: container, version: "13"}\n')
    assert fault.message == "Airflow 3.3.2 was not tested with PostgreSQL 13"
    assert fault.path == "database.version"
    fault = refused(
        'version: 2.5.3, python: "3.10"', newest, more='database: {kind: container, engine: mysql, version: "5.7"}\n'
    )
    assert (fault.path, fault.hint) == ("database.version", 'valid: "8.0", "8.4"')


def test_the_default_memory_is_refused_with_a_larger_cpu() -> None:
    """The error is at the database, although the YAML names no memory."""
    fault = refused(more='database: {kind: container, version: "15", cpu: 512}\n')
    assert (fault.path, fault.line) == ("database.memory", 5)
    assert "1024" in fault.hint


def test_connections_are_as_safe_as_the_server_can_make_them() -> None:
    """Unless the YAML says otherwise by name."""
    assert container('version: "15"').encryption == "verify"
    assert container('version: "13"').encryption == "require"
    assert container('version: "15", tls: none').encryption == "none"
    assert container('engine: mysql, version: "8.0"').encryption == "none"


@pytest.mark.parametrize(
    ("keys", "hint"),
    [
        ('version: "13", tls: verify', "choose require, or version 14 or later"),
        ('engine: mysql, version: "8.0", tls: require', "remove this line"),
    ],
)
def test_a_proof_that_no_server_gives_is_refused(keys: str, hint: str) -> None:
    """Airflow would never get in."""
    fault = refused(more=f"database: {{kind: container, {keys}}}\n")
    assert (fault.path, fault.hint) == ("database.tls", hint)


def test_an_ephemeral_database_is_refused_with_a_schedule() -> None:
    """It would be empty every morning; on the file system it keeps its data."""
    hours = 'schedule: {on: "08:00-18:00 Mon-Fri", timezone: UTC}\n'
    fault = refused(more=f'database: {{kind: container, version: "15", storage: ephemeral}}\n{hours}')
    assert (fault.path, fault.hint) == ("database.storage", "choose storage: efs, or remove schedule")
