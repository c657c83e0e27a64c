"""A rehearsal asks each kind of database for its image and whether it is stopped."""

import json
from pathlib import Path

import pytest

from acceptance.databases import DATABASES, ENGINE_IMAGES, begins_empty
from acceptance.seed.files import Seed
from acceptance.seed.stock import stock
from spec.errors import Refusal
from spec.reference.json_schema import json_schema
from spec.releases.engines import ENGINES
from tests.deployer.fakes.environment import World, environment, outputs_of
from tests.deployer.fakes.session import FakeSession
from tests.spec.minimal import minimal


def test_an_instance_has_no_image(tmp_path: Path) -> None:
    """The emulator runs its server itself, so nothing is built."""
    assert DATABASES["rds"].image(environment(), tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_every_kind_of_database_is_known() -> None:
    """The roster has the words of the YAML's section."""
    definitions = json.loads(json_schema())["$defs"]
    assert set(DATABASES) == {
        definitions[name]["properties"]["kind"]["const"] for name in ("Rds", "Container", "External")
    }


def test_every_engine_has_an_image() -> None:
    """Those that the YAML may name."""
    assert set(ENGINE_IMAGES) == set(ENGINES)


def test_an_instance_is_stopped_when_rds_says_so() -> None:
    """A container stops with its service, so it needs no call."""
    world = World(FakeSession())
    outputs = outputs_of(world)
    for state, stopped in (("stopped", True), ("stopping", False), ("available", False)):
        world.session.rds.states[outputs.database] = [state]
        assert DATABASES["rds"].is_stopped(world.session.as_session, outputs) is stopped
    assert DATABASES["container"].is_stopped(world.session.as_session, outputs)


def test_a_restored_database_begins_empty_here() -> None:
    """Its snapshot is in AWS alone; any other environment stays the same."""
    secret = "arn:aws:secretsmanager:us-west-2:123456789012:secret:One-AbCdEf"
    restored = minimal(more=f"database: {{restore_from: {{snapshot: one, fernet_seed: {secret}}}}}\n")
    assert begins_empty(restored).database == minimal().database
    assert begins_empty(restored).name == restored.name
    same = minimal()
    assert begins_empty(same) is same


def test_a_dump_is_left_out_as_well() -> None:
    """Of either kind of database."""
    for kind in ("", "kind: container, "):
        with_dump = minimal(more=f'database: {{{kind}version: "15", restore_from: {{dump: a.sql}}}}\n')
        assert begins_empty(with_dump).database == minimal(more=f'database: {{{kind}version: "15"}}\n').database


def test_an_empty_server_stands_in_for_one_outside() -> None:
    """Under its name, in its block, with the password that the rehearsal stores."""
    where = "host: db.example.com, password: {secret: demo/database}"
    database = f'database: {{kind: external, version: "15", {where}, cidrs: [198.51.100.0/24]}}\n'
    env = minimal(more=database)
    found = DATABASES["external"].outside(env)
    assert found is not None
    assert (found.host, found.address, found.port) == ("db.example.com", "198.51.100.1", 5432)
    assert stock(env, Seed()).secrets == {"demo/database": found.password}
    assert DATABASES["rds"].outside(minimal()) is None
    mysql = minimal(more=database.replace("version", "engine: mysql, version").replace('"15"', '"8.0"'))
    with pytest.raises(Refusal, match="no MySQL to stand in"):
        DATABASES["external"].outside(mysql)
