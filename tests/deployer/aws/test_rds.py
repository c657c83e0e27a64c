"""Databases and their snapshots through the real client, answered by hand."""

from datetime import UTC, datetime

import pytest

from deployer.aws.errors import AwsRefusal
from deployer.aws.rds import Rds, RestoreWindow, Snapshot
from tests.deployer.aws.stub import stubbed

REQUEST = {"DBInstanceIdentifier": "db-1", "SnapshotType": "manual"}


def test_the_manual_snapshots_of_an_instance_are_listed() -> None:
    """Automated snapshots go with their instance."""
    client, stub = stubbed("rds")
    stub.add_response(
        "describe_db_snapshots", {"DBSnapshots": [{"DBSnapshotIdentifier": "final", "AllocatedStorage": 20}]}, REQUEST
    )
    assert Rds(client).snapshots("db-1") == (Snapshot("final", 20),)


def test_every_page_is_read() -> None:
    """A snapshot on the second page costs as much as one on the first."""
    client, stub = stubbed("rds")
    stub.add_response(
        "describe_db_snapshots", {"DBSnapshots": [{"DBSnapshotIdentifier": "one"}], "Marker": "m"}, REQUEST
    )
    stub.add_response(
        "describe_db_snapshots", {"DBSnapshots": [{"DBSnapshotIdentifier": "two"}]}, {**REQUEST, "Marker": "m"}
    )
    assert Rds(client).snapshots("db-1") == (Snapshot("one", 0), Snapshot("two", 0))


def test_an_instance_that_left_none_has_none() -> None:
    """The instance itself may be gone: that is no failure."""
    client, stub = stubbed("rds")
    stub.add_response("describe_db_snapshots", {"DBSnapshots": []}, REQUEST)
    assert Rds(client).snapshots("db-1") == ()


def test_an_instance_has_a_state() -> None:
    """In the words of RDS."""
    client, stub = stubbed("rds")
    answer = {"DBInstances": [{"DBInstanceStatus": "stopped"}]}
    stub.add_response("describe_db_instances", answer, {"DBInstanceIdentifier": "db-1"})
    assert Rds(client).state("db-1") == "stopped"


def test_starting_an_instance_that_starts_is_no_failure() -> None:
    """A schedule or another deploy was faster."""
    client, stub = stubbed("rds")
    stub.add_client_error("start_db_instance", "InvalidDBInstanceState")
    Rds(client).start("db-1")
    stub.assert_no_pending_responses()


@pytest.mark.parametrize("protected", [True, False])
def test_an_instance_is_protected_or_not(*, protected: bool) -> None:
    """As it says itself."""
    client, stub = stubbed("rds")
    answer = {"DBInstances": [{"DeletionProtection": protected}]}
    stub.add_response("describe_db_instances", answer, {"DBInstanceIdentifier": "db-1"})
    assert Rds(client).is_protected("db-1") is protected


def test_an_instance_that_is_gone_is_not_protected() -> None:
    """Somebody has deleted it meanwhile."""
    client, stub = stubbed("rds")
    stub.add_client_error("describe_db_instances", "DBInstanceNotFound")
    assert not Rds(client).is_protected("db-1")


def test_protection_is_lifted_at_once() -> None:
    """Nothing else of the instance is changed."""
    client, stub = stubbed("rds")
    asked = {"DBInstanceIdentifier": "db-1", "DeletionProtection": False, "ApplyImmediately": True}
    stub.add_response("modify_db_instance", {}, asked)
    Rds(client).unprotect("db-1")
    stub.assert_no_pending_responses()


@pytest.mark.parametrize("code", ["InvalidDBInstanceState", "DBInstanceNotFound"])
def test_an_instance_that_cannot_be_modified_now_is_left_alone(code: str) -> None:
    """It is created, stopped or gone; the caller looks again."""
    client, stub = stubbed("rds")
    stub.add_client_error("modify_db_instance", code)
    Rds(client).unprotect("db-1")
    stub.assert_no_pending_responses()


def test_a_refused_modification_is_an_error() -> None:
    """A missing permission does not pass by waiting."""
    client, stub = stubbed("rds")
    stub.add_client_error("modify_db_instance", "AccessDenied")
    with pytest.raises(AwsRefusal):
        Rds(client).unprotect("db-1")


SNAPSHOT = {"DBInstanceIdentifier": "db-1", "DBSnapshotIdentifier": "s", "Tags": [{"Key": "team", "Value": "data"}]}


def test_a_snapshot_is_begun_with_its_tags() -> None:
    """It outlives the environment, and the tags say whose it is."""
    client, stub = stubbed("rds")
    stub.add_response("create_db_snapshot", {}, SNAPSHOT)
    Rds(client).take_snapshot("db-1", "s", {"team": "data"})
    stub.assert_no_pending_responses()


@pytest.mark.parametrize("code", ["DBSnapshotAlreadyExists", "InvalidDBInstanceState"])
def test_a_snapshot_that_is_there_or_must_wait_is_no_failure(code: str) -> None:
    """Its state tells at the next look."""
    client, stub = stubbed("rds")
    stub.add_client_error("create_db_snapshot", code)
    Rds(client).take_snapshot("db-1", "s", {})
    stub.assert_no_pending_responses()


def test_a_snapshot_that_cannot_be_taken_is_a_refusal() -> None:
    """A quota, for example."""
    client, stub = stubbed("rds")
    stub.add_client_error("create_db_snapshot", "SnapshotQuotaExceeded")
    with pytest.raises(AwsRefusal, match="CreateDBSnapshot"):
        Rds(client).take_snapshot("db-1", "s", {})


def test_a_snapshot_has_a_state_and_none_when_there_is_none() -> None:
    """In the words of RDS."""
    client, stub = stubbed("rds")
    stub.add_response("describe_db_snapshots", {"DBSnapshots": [{"Status": "creating"}]}, {"DBSnapshotIdentifier": "s"})
    stub.add_client_error("describe_db_snapshots", "DBSnapshotNotFound")
    assert Rds(client).snapshot_state("s") == "creating"
    assert Rds(client).snapshot_state("s") == ""


BACKUPS = {"DbiResourceId": "db-ABC"}
HOUR = datetime(2026, 11, 29, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([{"RestoreWindow": {"EarliestTime": HOUR, "LatestTime": HOUR}}], RestoreWindow(HOUR, HOUR)),
        ([{"Status": "pending"}], None),
        ([], None),
    ],
)
def test_backups_reach_as_far_as_rds_says(found: list[dict[str, object]], expected: RestoreWindow | None) -> None:
    """Those of a new instance reach nothing yet."""
    client, stub = stubbed("rds")
    stub.add_response("describe_db_instance_automated_backups", {"DBInstanceAutomatedBackups": found}, BACKUPS)
    assert Rds(client).restore_window("db-ABC") == expected


def test_backups_that_are_deleted_reach_nothing() -> None:
    """Other refusals are no answer."""
    client, stub = stubbed("rds")
    stub.add_client_error("describe_db_instance_automated_backups", "DBInstanceAutomatedBackupNotFound")
    assert Rds(client).restore_window("db-ABC") is None
    stub.add_client_error("describe_db_instance_automated_backups", "Throttling")
    with pytest.raises(AwsRefusal):
        Rds(client).restore_window("db-ABC")


def test_an_instance_has_an_id_that_no_other_ever_has() -> None:
    """Its backups are found by it."""
    client, stub = stubbed("rds")
    stub.add_response(
        "describe_db_instances", {"DBInstances": [{"DbiResourceId": "db-ABC"}]}, {"DBInstanceIdentifier": "one"}
    )
    assert Rds(client).resource_id("one") == "db-ABC"
