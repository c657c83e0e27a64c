"""The kind of the database decides which keys its section has."""

from tests.spec.minimal import refused


def test_keys_of_another_kind_are_refused() -> None:
    """A container has no instance class, and an instance no CPU units."""
    fault = refused(more='database: {kind: container, version: "15", instance: db.t4g.micro}\n')
    assert fault.message == "instance does not go with this kind of database"
    assert refused(more="database: {cpu: 256}\n").path == "database.cpu"


def test_an_unknown_kind_is_answered_with_the_valid_ones() -> None:
    """The hint lists every kind."""
    assert refused(more="database: {kind: aurora}\n").hint == "valid: rds, container, external"
