"""The kind of the database decides which keys its section has."""

from tests.spec.sound import refused


def test_keys_of_another_kind_are_refused() -> None:
    """Neither has the other's sizes."""
    fault = refused(more='database: {kind: container, version: "15", instance: db.t4g.micro}\n')
    assert fault.message == "instance does not go with this kind of database"
    assert refused(more="database: {cpu: 256}\n").path == "database.cpu"


def test_an_unknown_kind_is_answered_with_the_valid_ones() -> None:
    """Both kinds are offered."""
    assert refused(more="database: {kind: aurora}\n").hint == "valid: rds, container"
