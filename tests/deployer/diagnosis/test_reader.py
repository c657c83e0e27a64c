"""A refused call is noted, and the others are still read."""

from collections.abc import Iterator

from deployer.aws.errors import AwsRefusal
from deployer.diagnosis.evidence import Source
from deployer.diagnosis.reader import Reader, refused


def _denied() -> Iterator[int]:
    yield 1
    raise AwsRefusal("AWS denies this to the caller.", why="GetServiceQuota: no", code="AccessDenied")


def test_what_may_be_read_is_read() -> None:
    """One value, or all that a call yields."""
    reader = Reader()
    assert (reader.one("the stack", len, "abc"), reader.several("the parts", iter, "abc")) == (3, ("a", "b", "c"))
    assert (reader.unread, reader.refusals) == ([], [])


def test_what_is_refused_is_named_with_the_reason() -> None:
    """The reason of AWS stays a statement, in which a cause may be recognised."""
    reader = Reader()
    assert reader.several("the quotas", _denied) == ()
    assert reader.unread == ["the quotas: GetServiceQuota: no"]
    assert [one.source for one in reader.refusals] == [Source.CALL]


def test_a_refusal_keeps_its_code() -> None:
    """The words of one code differ between services."""
    assert refused("x", AwsRefusal("no", code="ExpiredToken")).text.startswith("ExpiredToken")
