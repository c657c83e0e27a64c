"""A database that somebody else made is neither started nor kept, and is known by where it is."""

from dataclasses import replace

import pytest

from deployer.databases import external
from deployer.databases.kind import SnapshotFailure, WakeFailure
from deployer.stacks.outputs import Outputs
from tests.deployer.fakes.environment import World, environment, outputs_of
from tests.deployer.fakes.session import FakeSession

PLACE = "db.example.com:5432/airflow"
SECTION = 'database: {kind: external, version: "15", host: %s, password: {secret: demo/database}}\nname: demo\n'


def _outputs() -> Outputs:
    return replace(outputs_of(World(FakeSession())), database="", external_database=PLACE)


def test_its_address_tells_its_data_from_others() -> None:
    """Another host has another database."""
    outputs = _outputs()
    session = FakeSession().as_session
    assert external.identity(session, outputs) == external.known_identity(outputs) == PLACE
    for host, another in (("db.example.com", False), ("new.example.com", True)):
        assert external.is_another(environment(**{"name: demo\n": SECTION % host}), outputs) is another


def test_nothing_of_it_is_stopped_or_started() -> None:
    """Not by a schedule either."""
    session = FakeSession().as_session
    assert not external.is_asleep(session, _outputs(), ())
    assert not external.starts_empty(environment(), changes=True)
    with pytest.raises(WakeFailure, match="not started by Windsock"):
        external.wake(session, _outputs())


def test_no_snapshot_is_taken_of_it() -> None:
    """Whoever runs it has backups."""
    with pytest.raises(SnapshotFailure, match="not of this environment"):
        external.take_snapshot(FakeSession().as_session, _outputs(), "before", {})
