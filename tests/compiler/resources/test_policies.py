"""Promises of the statements: a denial has its condition, an allowance its actions and resources."""

from __future__ import annotations

from typing import Any

from awacs import s3
from troposphere import Ref, encode_to_dict

from compiler.resources.policies import document, mount, only_tls, write_logs


def _statement(*statements: Any) -> dict[str, Any]:
    (statement,) = encode_to_dict(document(*statements))["Statement"]
    return dict(statement)


def test_a_policy_has_the_current_version() -> None:
    """Without a version IAM reads a policy in the manner of 2008, which knows no variables."""
    assert document()["Version"] == "2012-10-17"


def test_a_refusal_without_resources_means_what_it_is_attached_to() -> None:
    """A file system's own policy names no resource; a bucket's does."""
    assert "Resource" not in _statement(only_tls([s3.GetObject]))
    assert _statement(only_tls([s3.GetObject], ["arn"]))["Resource"] == ["arn"]


def test_a_mount_names_its_access_points() -> None:
    """The permission holds for these access points alone, and includes writing only on request."""
    reading = _statement(mount(Ref("FileSystem"), [Ref("Dags")], write=False))
    assert reading["Action"] == ["elasticfilesystem:ClientMount"]
    assert len(reading["Condition"]["StringEquals"]["elasticfilesystem:AccessPointArn"]) == 1
    writing = _statement(mount(Ref("FileSystem"), [Ref("Dags")], write=True))
    assert writing["Action"] == ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]


def test_the_right_to_write_lines_covers_the_streams_of_a_group() -> None:
    """The ARN of a log group with `:*` stands for its streams, which are what is written to."""
    (resource,) = _statement(write_logs([Ref("SchedulerLogGroup")]))["Resource"]
    assert resource["Fn::Sub"].endswith(":log-group:${SchedulerLogGroup}:*")
