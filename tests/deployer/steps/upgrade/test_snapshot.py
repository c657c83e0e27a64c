"""The database is kept as it is before it is migrated."""

from datetime import UTC, datetime

import pytest

from deployer.databases.kind import SnapshotFailure
from deployer.steps.step import Need
from deployer.steps.upgrade.snapshot import TakeSnapshot, snapshot_name
from tests.deployer.fakes.running import Running, behind


def _take(need: Need = Need.YES) -> TakeSnapshot:
    return TakeSnapshot(need=need, reason="the way back")


def test_its_name_stands_in_the_deploy_state_before_it_is_taken() -> None:
    """A run that is killed in between goes on with the same one."""
    running = Running()
    rds = running.world.session.rds
    facts = _take().execute(running.context, running.facts())
    assert list(rds.begun) == [facts.state.snapshot]
    assert f'"snapshot": "{facts.state.snapshot}"' in running.stored()


def test_the_snapshot_of_an_earlier_run_is_waited_for() -> None:
    """No second one is taken."""
    running = Running()
    running.world.session.rds.begun["begun-before"] = "available"
    facts = _take().execute(running.context, running.facts(state=behind(snapshot="begun-before")))
    assert list(running.world.session.rds.begun) == [facts.state.snapshot] == ["begun-before"]


def test_a_snapshot_that_fails_ends_the_upgrade() -> None:
    """Nothing was migrated."""
    running = Running()
    running.world.session.rds.begun["bad"] = "failed"
    with pytest.raises(SnapshotFailure, match="it is failed") as failure:
        _take().execute(running.context, running.facts(state=behind(snapshot="bad")))
    assert failure.value.why == "Nothing was migrated."


def test_none_is_taken_where_none_is_wanted() -> None:
    """Somebody said so by name, or the kind has none."""
    running = Running()
    _take(Need.NO).execute(running.context, running.facts())
    assert running.world.session.rds.begun == {}


def test_rds_takes_the_name() -> None:
    """Letters, digits and single hyphens, as CreateDBSnapshot of the Amazon RDS API Reference says."""
    at = datetime(2026, 11, 28, 14, 5, 6, tzinfo=UTC)
    assert snapshot_name("my--env", "2.11.2", at) == "my-env-airflow-2-11-2-20261128-140506"
