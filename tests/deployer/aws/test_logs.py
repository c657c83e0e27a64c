"""Log groups through the real client, answered by hand."""

import pytest

from deployer.aws.errors import AwsRefusal
from deployer.aws.logs import Logs
from tests.deployer.aws.stub import stubbed


def test_a_missing_stream_has_no_tail() -> None:
    """A container that never started never wrote."""
    client, stub = stubbed("logs")
    stub.add_client_error("get_log_events", "ResourceNotFoundException")
    assert Logs(client).tail("g", "s", 5) == ()


def test_times_are_seconds() -> None:
    """CloudWatch counts milliseconds; nobody else here does."""
    client, stub = stubbed("logs")
    event = {"eventId": "1", "timestamp": 2500, "logStreamName": "s", "message": '{"a": 1}\n'}
    stub.add_response("filter_log_events", {"events": [event]}, {"logGroupName": "g", "startTime": 2000})
    (line,) = Logs(client).lines("g", 2.0)
    assert (line.time, line.text) == (2.5, '{"a": 1}')


def test_a_missing_group_is_not_deleted() -> None:
    """The report lists only what was there."""
    client, stub = stubbed("logs")
    stub.add_client_error("delete_log_group", "ResourceNotFoundException")
    assert not Logs(client).delete_group("g")


def test_a_denied_deletion_is_an_error() -> None:
    """A denied group is not taken for a missing one."""
    client, stub = stubbed("logs")
    stub.add_client_error("delete_log_group", "AccessDeniedException")
    with pytest.raises(AwsRefusal):
        Logs(client).delete_group("g")


def test_only_a_group_that_keeps_its_lines_otherwise_is_limited() -> None:
    """A deploy that has nothing to do writes nothing."""
    client, stub = stubbed("logs")
    groups = [{"logGroupName": "/a/1", "retentionInDays": 30}, {"logGroupName": "/a/2"}]
    stub.add_response("describe_log_groups", {"logGroups": groups}, {"logGroupNamePrefix": "/a/"})
    stub.add_response("put_retention_policy", {}, {"logGroupName": "/a/2", "retentionInDays": 30})
    Logs(client).limit("/a/", 30)
    stub.assert_no_pending_responses()
