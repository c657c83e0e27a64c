"""Makes the code bucket hold exactly the code of the airflow_home folder."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from compiler.contract import CODE_PREFIX
from deployer.aws.session import Session
from deployer.release.airflow_home import Code


@dataclass(frozen=True)
class Uploaded:
    """The paths of the files that were uploaded, and of those that were deleted because they are gone here."""

    put: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()


def uploaded_code(session: Session, bucket: str) -> Mapping[str, str]:
    """Return the MD5 of each file that the bucket holds, by path."""
    return {stored.key.removeprefix(CODE_PREFIX): stored.etag for stored in session.s3.objects(bucket, CODE_PREFIX)}


def compare_code(code: Code, held: Mapping[str, str], kept: AbstractSet[str] = frozenset()) -> Uploaded:
    """Return what is to be uploaded and deleted where `held` is; equal content and what is `kept` is left alone."""
    changed = tuple(file.path for file in code.files if held.get(file.key) != file.md5)
    return Uploaded(changed, tuple(sorted(held.keys() - {file.key for file in code.files} - kept)))


def upload_code(session: Session, bucket: str, code: Code, kept: AbstractSet[str] = frozenset()) -> Uploaded:
    """Look at the bucket, then upload and delete what differs; a killed upload is completed by the next."""
    wanted = compare_code(code, uploaded_code(session, bucket), kept)
    changed = frozenset(wanted.put)
    for file in code.files:
        if file.path in changed:
            session.s3.put(bucket, CODE_PREFIX + file.key, file.content)
    session.s3.delete(bucket, (CODE_PREFIX + path for path in wanted.deleted))
    return wanted
