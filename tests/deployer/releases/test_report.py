"""The report of the DAG processor is read as the runtime writes it."""

import json

from deployer.releases.report import read_report
from tests.deployer.fakes.session import FakeS3, FakeSession


def test_a_report_names_errors_by_file_and_line() -> None:
    """Without a report nobody knows."""
    session = FakeSession(s3=FakeS3(buckets={"code": {}}))
    assert read_report(session.as_session, "code") is None
    errors = [
        {"file": "dags/a.py", "line": 3, "message": "NameError: x"},
        {"file": "dags/b.py", "line": 0, "message": "Timeout"},
    ]
    text = json.dumps({"version": "v", "parsed": True, "errors": errors, "runs": {"v": 2}, "at": "now"})
    session.s3.buckets["code"]["report.json"] = text.encode()
    report = read_report(session.as_session, "code")
    assert report is not None
    assert [str(error) for error in report.errors] == ["dags/a.py:3: NameError: x", "dags/b.py: Timeout"]
    assert report.runs == {"v": 2}
