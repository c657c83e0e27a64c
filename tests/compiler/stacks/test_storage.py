"""Promises of the storage: encrypted, closed, one door per directory, and lines that end after their time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.contract import title
from compiler.environment_parts import log_names

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_the_file_system_is_encrypted_and_fast_enough(case: Case) -> None:
    """At rest it is encrypted; its throughput depends on how little it holds only where a database would be metered."""
    file_system = case.only("AWS::EFS::FileSystem")
    assert file_system["Encrypted"] is True
    written = getattr(case.env.database, "persistent", False)
    assert file_system["ThroughputMode"] == ("bursting" if written else "elastic")


def test_nobody_mounts_without_tls_or_from_elsewhere(case: Case) -> None:
    """The file system's own policy refuses plain connections and knows no anonymous client."""
    refused, allowed = case.only("AWS::EFS::FileSystem")["FileSystemPolicy"]["Statement"]
    assert (refused["Effect"], refused["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert allowed["Principal"] == {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
    assert "elasticfilesystem:ClientRootAccess" not in allowed["Action"]


def test_each_directory_has_its_door(case: Case) -> None:
    """A door makes its directory on first use, for the user as whom Airflow runs."""
    every = case.resources("AWS::EFS::AccessPoint").items()
    doors = [door["Properties"] for title, door in every if title != "DatabaseAccessPoint"]
    assert [door["RootDirectory"]["Path"] for door in doors] == ["/dags", "/plugins", "/config", "/logs"]
    for door in doors:
        assert door["PosixUser"] == {"Uid": "50000", "Gid": "0"}
        assert door["RootDirectory"]["CreationInfo"] == {"OwnerUid": "50000", "OwnerGid": "0", "Permissions": "0755"}


def test_each_zone_has_a_mount_target(case: Case) -> None:
    """A task mounts in its own availability zone, wherever it is placed."""
    targets = case.resources("AWS::EFS::MountTarget").values()
    subnets = [target["Properties"]["SubnetId"]["Ref"] for target in targets]
    assert subnets == ["PublicSubnetA", "PublicSubnetB"]


def test_each_source_of_lines_has_a_log_group_with_an_end(case: Case) -> None:
    """Processes, workers, commands and the sync task each have a group, and no line is kept longer than asked."""
    groups = case.resources("AWS::Logs::LogGroup")
    names = {f"{title(name)}LogGroup" for name in log_names(case.env)}
    assert set(groups) == names | ({"TaskLogGroup"} if case.env.remote_logs == "cloudwatch" else set())
    assert {group["Properties"]["RetentionInDays"] for group in groups.values()} == {case.env.logs.retention_days}
