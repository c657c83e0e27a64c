"""Buckets through the real client, answered by hand."""

import pytest

from deployer.aws.errors import AwsRefusal
from deployer.aws.s3 import S3
from tests.deployer.aws.stub import stubbed


def test_a_missing_object_is_none() -> None:
    """It is an answer, not an error."""
    client, stub = stubbed("s3")
    stub.add_client_error("get_object", "NoSuchKey")
    assert S3(client).get("b", "k") is None


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
