"""The promises of rehearsal/emulator/patches/buckets.py, in an emulator."""

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal


def test_a_bucket_that_holds_something_stops_the_deletion(yard: Yard) -> None:
    """The stack stays with the reason, and so does the object; an empty bucket goes."""
    stack = yard.create("full", {"Bucket": {"Type": "AWS::S3::Bucket"}}, outputs={"Bucket": {"Ref": "Bucket"}})
    bucket, s3 = yard.output(stack, "Bucket"), yard.client("s3")
    s3.put_object(Bucket=bucket, Key="kept", Body=b"kept")
    assert yard.delete(stack) == "DELETE_FAILED"
    assert any("not empty" in reason for _, _, reason in yard.events(stack))
    assert s3.get_object(Bucket=bucket, Key="kept")["Body"].read() == b"kept"
    s3.delete_object(Bucket=bucket, Key="kept")
    assert yard.delete(stack) == "DELETE_COMPLETE"
