"""Promises of the storage: encrypted, private, one access point per directory, and log lines with a retention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.contract import title
from compiler.environment_parts import log_names

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_the_file_system_is_encrypted_and_fast_enough(mounted: Case) -> None:
    """At rest it is encrypted; its throughput depends on how little it holds only where a database would be metered."""
    file_system = mounted.only("AWS::EFS::FileSystem")
    assert file_system["Encrypted"] is True
    written = getattr(mounted.env.database, "persistent", False)
    assert file_system["ThroughputMode"] == ("bursting" if written else "elastic")


def test_every_mount_needs_tls_and_a_role(mounted: Case) -> None:
    """The file system's own policy refuses plain connections and anonymous clients."""
    refused, allowed = mounted.only("AWS::EFS::FileSystem")["FileSystemPolicy"]["Statement"]
    assert (refused["Effect"], refused["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert allowed["Principal"] == {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
    assert "elasticfilesystem:ClientRootAccess" not in allowed["Action"]


def test_each_directory_has_an_access_point(mounted: Case) -> None:
    """It makes its directory on first use, for the user as whom Airflow runs."""
    every = mounted.resources("AWS::EFS::AccessPoint").items()
    points = [point["Properties"] for title, point in every if title != "DatabaseAccessPoint"]
    assert [point["RootDirectory"]["Path"] for point in points] == ["/dags", "/plugins", "/config", "/logs"]
    for point in points:
        assert point["PosixUser"] == {"Uid": "50000", "Gid": "0"}
        assert point["RootDirectory"]["CreationInfo"] == {
            "OwnerUid": "50000",
            "OwnerGid": "0",
            "Permissions": "0755",
        }


def test_each_zone_has_a_mount_target(mounted: Case) -> None:
    """A task mounts in its own availability zone, wherever it is placed."""
    targets = mounted.resources("AWS::EFS::MountTarget").values()
    subnets = [target["Properties"]["SubnetId"]["Ref"] for target in targets]
    assert subnets == ["PublicSubnetA", "PublicSubnetB"]


def test_each_source_of_lines_has_a_log_group_with_a_retention(case: Case) -> None:
    """Processes, workers, commands and the sync task, as long as the YAML says."""
    groups = case.resources("AWS::Logs::LogGroup")
    names = {f"{title(name)}LogGroup" for name in log_names(case.env)}
    assert set(groups) == names | ({"TaskLogGroup"} if case.env.remote_logs == "cloudwatch" else set())
    assert {group["Properties"]["RetentionInDays"] for group in groups.values()} == {case.env.logs.retention_days}
