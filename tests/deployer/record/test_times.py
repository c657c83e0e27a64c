"""The times of earlier runs lie beside the templates of their environment."""

from deployer.aws.errors import AwsRefusal
from deployer.record.times import KEPT, note_times, read_times
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.session import FakeS3, FakeSession

ENV = environment()


def _session() -> FakeSession:
    session = FakeSession()
    session.s3.buckets = {"templates": {}}
    return session


def test_the_median_of_the_last_runs_is_known() -> None:
    """An outlier counts for little, and each verb has its own times."""
    session = _session()
    for seconds in (1000.0, *[10.0 * number for number in range(KEPT)]):
        note_times(ENV, session.as_session, "templates", "deploy", {"services": seconds})
    assert read_times(ENV, session.as_session, "templates", "deploy") == {"services": 20.0}
    assert read_times(ENV, session.as_session, "templates", "push") == {}


def test_a_file_that_nobody_can_read_is_no_failure() -> None:
    """Somebody may have written into it."""
    session = _session()
    session.s3.buckets["templates"]["demo/times.json"] = b"{"
    assert read_times(ENV, session.as_session, "templates", "deploy") == {}


class _Denies(FakeS3):
    """Lets nobody in."""

    def get(self, bucket: str, key: str) -> bytes | None:
        raise AwsRefusal(f"AWS refused GetObject of {bucket}/{key}.", code="AccessDenied")

    def put(self, bucket: str, key: str, body: bytes) -> None:
        raise AwsRefusal(f"AWS refused PutObject of {bucket}/{key}: {len(body)}.", code="AccessDenied")


def test_a_refusal_of_aws_ends_no_run() -> None:
    """Times are a comfort."""
    session = FakeSession(s3=_Denies()).as_session
    note_times(ENV, session, "templates", "deploy", {"services": 10.0})
    assert read_times(ENV, session, "templates", "deploy") == {}
