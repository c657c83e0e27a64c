"""Buckets and objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from deployer.aws.errors import AwsRefusal, translated_errors

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef, ObjectIdentifierTypeDef

_BATCH = 1000
_OUTRUN = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409", "NoSuchKey", "404"})
NO_BUCKET = "NoSuchBucket"
_ABSENT = frozenset({"404", NO_BUCKET, "NoSuchKey", "NotFound"})


@dataclass(frozen=True)
class StoredObject:
    """One object: its key and its ETag, which is the MD5 of the content for an object put in one piece."""

    key: str
    etag: str
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class HeldObject:
    """An object as it was read: its content, its ETag, and its age in seconds by the clock of S3."""

    body: bytes
    etag: str
    age: float


@dataclass(frozen=True)
class S3:
    """S3 in one region."""

    client: S3Client = field(repr=False)

    def objects(self, bucket: str, prefix: str = "") -> tuple[StoredObject, ...]:
        """Return what lies in the bucket under `prefix`."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return tuple(
            StoredObject(entry["Key"], entry["ETag"].strip('"'), entry["Size"])
            for page in pages
            for entry in page.get("Contents", [])
        )

    def exists(self, bucket: str) -> bool:
        """Whether there is such a bucket."""
        try:
            self.client.head_bucket(Bucket=bucket)
        except AwsRefusal as error:
            if error.code in _ABSENT:
                return False
            raise
        return True

    def get(self, bucket: str, key: str) -> bytes | None:
        """Return the content of an object, or None when there is no such object."""
        answer = self._read(bucket, key)
        return _content(answer) if answer else None

    def held(self, bucket: str, key: str) -> HeldObject | None:
        """Return an object with what tells this version of it, or None when there is no such object."""
        answer = self._read(bucket, key)
        if answer is None:
            return None
        now = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
        age = (now - answer["LastModified"]).total_seconds()
        return HeldObject(body=_content(answer), etag=answer["ETag"], age=age)

    def replace(self, bucket: str, key: str, body: bytes, *, etag: str) -> str | None:
        """Store an object in place of exactly the version `etag`, or where there is none if that is empty.

        Returns the new ETag, or None when somebody else was quicker.
        """
        try:
            if etag:
                return self.client.put_object(Bucket=bucket, Key=key, Body=body, IfMatch=etag)["ETag"]
            return self.client.put_object(Bucket=bucket, Key=key, Body=body, IfNoneMatch="*")["ETag"]
        except AwsRefusal as error:
            if error.code in _OUTRUN:
                return None
            raise

    def put(self, bucket: str, key: str, body: bytes) -> None:
        """Store an object; an interrupted call stores nothing."""
        self.client.put_object(Bucket=bucket, Key=key, Body=body)

    def upload(self, bucket: str, key: str, file: Path) -> None:
        """Store a file in one piece, of 5 GiB at most; an interrupted call stores nothing."""
        with file.open("rb") as body:
            self.client.put_object(Bucket=bucket, Key=key, Body=body)

    def delete(self, bucket: str, keys: Iterable[str]) -> None:
        """Delete objects by key; in a versioned bucket their older versions stay."""
        self._delete(bucket, [{"Key": key} for key in keys])

    def purge(self, bucket: str, prefix: str = "") -> int:
        """Delete every version, delete marker and unfinished upload under `prefix`; return how many there were."""
        doomed: list[ObjectIdentifierTypeDef] = [
            {"Key": entry["Key"], "VersionId": entry["VersionId"]}
            for page in self.client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix)
            for entry in (*page.get("Versions", []), *page.get("DeleteMarkers", []))
        ]
        self._delete(bucket, doomed)
        for uploads in self.client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=prefix):
            for upload in uploads.get("Uploads", []):
                self.client.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
                doomed.append({"Key": upload["Key"]})
        return len(doomed)

    def is_empty(self, bucket: str) -> bool:
        """Whether the bucket holds no object, no older version and no delete marker."""
        page = self.client.list_object_versions(Bucket=bucket, MaxKeys=1)
        return not page.get("Versions") and not page.get("DeleteMarkers")

    def _read(self, bucket: str, key: str) -> GetObjectOutputTypeDef | None:
        try:
            return self.client.get_object(Bucket=bucket, Key=key)
        except AwsRefusal as error:
            if error.code in _ABSENT:
                return None
            raise

    def _delete(self, bucket: str, doomed: list[ObjectIdentifierTypeDef]) -> None:
        for start in range(0, len(doomed), _BATCH):
            batch = doomed[start : start + _BATCH]
            answer = self.client.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})
            for error in answer.get("Errors", []):
                raise AwsRefusal(
                    f"S3 does not delete {error.get('Key', '')} from {bucket}.",
                    why=error.get("Message", ""),
                    code=error.get("Code", ""),
                )


def _content(answer: GetObjectOutputTypeDef) -> bytes:
    """Read the content of an object. Raises `AwsRefusal` where it is cut off."""
    with translated_errors(None):
        return answer["Body"].read()
