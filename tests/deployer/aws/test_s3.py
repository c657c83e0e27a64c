"""Buckets through the real client, answered by hand."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from botocore.response import StreamingBody

from deployer.aws.errors import AwsRefusal
from deployer.aws.s3 import S3, HeldObject
from tests.deployer.aws.stub import stubbed


def test_a_missing_object_is_none() -> None:
    """It is an answer, not an error."""
    client, stub = stubbed("s3")
    stub.add_client_error("get_object", "NoSuchKey")
    assert S3(client).get("b", "k") is None


def test_a_content_that_is_cut_off_is_one_sentence() -> None:
    """The connection ended before the object did."""
    client, stub = stubbed("s3")
    stub.add_response("get_object", {"Body": StreamingBody(BytesIO(b"half"), 8)})
    with pytest.raises(AwsRefusal, match="cannot be reached"):
        S3(client).get("b", "k")


def test_a_denied_object_is_an_error() -> None:
    """Not to be taken for a missing one."""
    client, stub = stubbed("s3")
    stub.add_client_error("get_object", "AccessDenied")
    with pytest.raises(AwsRefusal):
        S3(client).get("b", "k")


def test_a_purge_takes_versions_markers_and_unfinished_uploads() -> None:
    """What is left of any of them keeps the bucket from being deleted."""
    client, stub = stubbed("s3")
    versions = {
        "Versions": [{"Key": "a", "VersionId": "1"}],
        "DeleteMarkers": [{"Key": "a", "VersionId": "2"}],
        "IsTruncated": False,
    }
    stub.add_response("list_object_versions", versions, {"Bucket": "b", "Prefix": "p/"})
    objects = [{"Key": "a", "VersionId": "1"}, {"Key": "a", "VersionId": "2"}]
    stub.add_response("delete_objects", {}, {"Bucket": "b", "Delete": {"Objects": objects, "Quiet": True}})
    uploads = {"Uploads": [{"Key": "c", "UploadId": "9"}], "IsTruncated": False}
    stub.add_response("list_multipart_uploads", uploads, {"Bucket": "b", "Prefix": "p/"})
    stub.add_response("abort_multipart_upload", {}, {"Bucket": "b", "Key": "c", "UploadId": "9"})
    assert S3(client).purge("b", "p/") == 3
    stub.assert_no_pending_responses()


def test_an_object_that_cannot_be_deleted_is_an_error() -> None:
    """S3 answers 200 and lists the failures."""
    client, stub = stubbed("s3")
    error = {"Key": "a", "Code": "AccessDenied", "Message": "object lock"}
    stub.add_response("delete_objects", {"Errors": [error]})
    with pytest.raises(AwsRefusal, match="object lock"):
        S3(client).delete("b", ["a"])


def test_a_bucket_with_only_markers_is_not_empty() -> None:
    """It looks empty in a listing of objects."""
    client, stub = stubbed("s3")
    stub.add_response("list_object_versions", {"DeleteMarkers": [{"Key": "a", "VersionId": "2"}]})
    assert not S3(client).is_empty("b")


def test_a_version_of_an_object_has_its_age_by_the_clock_of_s3() -> None:
    """Two machines may disagree about the hour."""
    client, stub = stubbed("s3")
    written = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
    meta = {"HTTPHeaders": {"date": "Sat, 28 Nov 2026 10:00:30 GMT"}}
    body = StreamingBody(BytesIO(b"{}"), 2)
    stub.add_response("get_object", {"Body": body, "ETag": '"1"', "LastModified": written, "ResponseMetadata": meta})
    stub.add_client_error("get_object", "NoSuchKey")
    assert S3(client).held("b", "k") == HeldObject(body=b"{}", etag='"1"', age=30.0)
    assert S3(client).held("b", "k") is None


@pytest.mark.parametrize("etag", ["", '"1"'])
def test_a_replacement_names_the_version_it_replaces(etag: str) -> None:
    """Who was outrun gets no ETag; what is denied is an error."""
    client, stub = stubbed("s3")
    condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
    stub.add_response("put_object", {"ETag": '"2"'}, {"Bucket": "b", "Key": "k", "Body": b"{}", **condition})
    stub.add_client_error("put_object", "PreconditionFailed")
    stub.add_client_error("put_object", "AccessDenied")
    assert S3(client).replace("b", "k", b"{}", etag=etag) == '"2"'
    assert S3(client).replace("b", "k", b"{}", etag=etag) is None
    with pytest.raises(AwsRefusal):
        S3(client).replace("b", "k", b"{}", etag=etag)
