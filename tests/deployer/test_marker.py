"""The marker survives its own future: fields it does not know are left out, missing ones are empty."""

import json

from deployer.marker import KEY, Marker, read_marker, write_marker
from tests.deployer.fakes.session import FakeSession


def test_it_is_read_as_it_was_written() -> None:
    """Round trip."""
    session = FakeSession()
    marker = Marker(airflow_version="2.5.3", run="abc")
    write_marker(session.as_session, "code", marker)
    assert read_marker(session.as_session, "code") == marker


def test_no_marker_is_an_empty_one() -> None:
    """Nothing is done yet."""
    assert read_marker(FakeSession().as_session, "code") == Marker()


def test_unknown_fields_do_no_harm() -> None:
    """A newer Windsock may have written more."""
    session = FakeSession()
    session.s3.put("code", KEY, json.dumps({"code": "1", "colour": "blue"}).encode())
    assert read_marker(session.as_session, "code") == Marker(code="1")
