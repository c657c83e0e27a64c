"""The code bucket comes to hold exactly the code, by content."""

from deployer.release.airflow_home import Code, CodeFile
from deployer.release.upload_code import Uploaded, compare_code, upload_code, uploaded_code
from tests.deployer.fakes.session import FakeSession

CODE = Code((CodeFile("dags/one.py", b"1"), CodeFile("dags/two.py", b"2")))


def test_what_differs_is_uploaded_and_what_is_gone_is_deleted() -> None:
    """Equal content is left alone."""
    session = FakeSession()
    session.s3.buckets["code"] = {"code/dags/one.py": b"1", "code/dags/two.py": b"old", "code/dags/three.py": b"3"}
    assert upload_code(session.as_session, "code", CODE) == Uploaded(("dags/two.py",), ("dags/three.py",))
    assert session.s3.buckets["code"] == {"code/dags/one.py": b"1", "code/dags/two.py": b"2"}
    assert upload_code(session.as_session, "code", CODE) == Uploaded()


def test_other_objects_of_the_bucket_are_not_code() -> None:
    """The deploy state of older environments lies beside it."""
    session = FakeSession()
    session.s3.buckets["code"] = {"windsock.json": b"{}"}
    assert uploaded_code(session.as_session, "code") == {}
    assert upload_code(session.as_session, "code", CODE).deleted == ()


def test_a_comparison_writes_nothing() -> None:
    """So a plan can hold it."""
    assert compare_code(CODE, {}) == Uploaded(("dags/one.py", "dags/two.py"), ())
