"""The code bucket comes to hold exactly the code, by content."""

from deployer.release.airflow_home import Code, CodeFile
from deployer.release.upload_code import Uploaded, compare_code, upload_code, uploaded_code
from tests.deployer.fakes.session import FakeSession

CODE = Code((CodeFile("dags/one.py", b"1"), CodeFile("dags/two.py", b"2")))


def test_changed_files_are_uploaded_and_removed_files_are_deleted() -> None:
    """Equal content is left alone."""
    session = FakeSession()
    session.s3.buckets["code"] = {"code/dags/one.py": b"1", "code/dags/two.py": b"old", "code/dags/three.py": b"3"}
    assert upload_code(session.as_session, "code", CODE) == Uploaded(("dags/two.py",), ("dags/three.py",))
    assert session.s3.buckets["code"] == {"code/dags/one.py": b"1", "code/dags/two.py": b"2"}
    assert upload_code(session.as_session, "code", CODE) == Uploaded()


def test_what_must_stay_is_not_deleted() -> None:
    """Containers that still run read it."""
    session = FakeSession()
    session.s3.buckets["code"] = {"code/config/log_config.py": b"", "code/config/gone.py": b""}
    done = upload_code(session.as_session, "code", CODE, frozenset({"config/log_config.py"}))
    assert done.deleted == ("config/gone.py",)
    assert "code/config/log_config.py" in session.s3.buckets["code"]


def test_what_dags_include_goes_below_config() -> None:
    """It is compared and deleted by its place in the bucket, and named by its place in the home."""
    session = FakeSession()
    session.s3.buckets["code"] = {}
    code = Code((CodeFile("include/a.sql", b"a"),))
    assert upload_code(session.as_session, "code", code) == Uploaded(("include/a.sql",))
    assert session.s3.buckets["code"] == {"code/config/include/a.sql": b"a"}
    assert compare_code(code, uploaded_code(session.as_session, "code")) == Uploaded()
    assert upload_code(session.as_session, "code", Code(())).deleted == ("config/include/a.sql",)


def test_other_objects_of_the_bucket_are_not_code() -> None:
    """The deploy state of older environments lies beside it."""
    session = FakeSession()
    session.s3.buckets["code"] = {"windsock.json": b"{}"}
    assert uploaded_code(session.as_session, "code") == {}
    assert upload_code(session.as_session, "code", CODE).deleted == ()


def test_a_comparison_writes_nothing() -> None:
    """So a plan can hold it."""
    assert compare_code(CODE, {}) == Uploaded(("dags/one.py", "dags/two.py"), ())
