"""The same code makes the same bytes."""

import io
import tarfile

from deployer.release.airflow_home import Code, CodeFile
from deployer.releases.archive import pack

CODE = Code((CodeFile("dags/one.py", b"x = 1\n"), CodeFile("dags/run.sh", b"true\n", executable=True)))


def test_an_archive_holds_files_and_modes_and_nothing_else() -> None:
    """Neither time nor owner: packed later it is the same."""
    packed = pack(CODE)
    assert packed == pack(CODE)
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as files:
        members = [(member.name, member.mode, member.mtime, member.uid) for member in files]
    assert members == [("dags/one.py", 0o644, 0, 0), ("dags/run.sh", 0o755, 0, 0)]
