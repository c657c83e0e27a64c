"""Packs the code of a release into one object, the same bytes for the same code."""

import gzip
import io
import tarfile

from deployer.release.airflow_home import Code, CodeFile

_SHARED, _EXECUTABLE = 0o644, 0o755


def pack(code: Code) -> bytes:
    """Return a compressed archive of every file; neither time nor owner is in it."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, filename="") as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as files,
    ):
        for file in code.files:
            files.addfile(_header(file), io.BytesIO(file.content))
    return packed.getvalue()


def _header(file: CodeFile) -> tarfile.TarInfo:
    header = tarfile.TarInfo(file.path)
    header.size = len(file.content)
    header.mode = _EXECUTABLE if file.executable else _SHARED
    return header
