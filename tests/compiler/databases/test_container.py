"""Promises of the database in a container: one server per file system directory, private, secrets as references."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

from compiler.databases.server_tls import FOLDER, server_arguments
from spec.sections.databases.container import Container

if TYPE_CHECKING:
    from pathlib import Path

    from tests.compiler.conftest import Case

ACCESS_POINT = "AWS::EFS::AccessPoint"


def _service(case: Case) -> dict[str, Any]:
    return dict(case.resources("AWS::ECS::Service")["DatabaseService"]["Properties"])


def _definition(case: Case) -> dict[str, Any]:
    return case.definition_of("Database")


def _container(case: Case) -> dict[str, Any]:
    return case.container_of("Database")


def test_two_servers_never_share_files(container: Case) -> None:
    """The old task ends before the new one starts, also when ECS would rather balance zones."""
    service = _service(container)
    configuration = service["DeploymentConfiguration"]
    assert (configuration["MinimumHealthyPercent"], configuration["MaximumPercent"]) == (0, 100)
    assert configuration["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": False}
    assert service["AvailabilityZoneRebalancing"] == "DISABLED"
    assert service["DesiredCount"] == 1


def _enter(case: Case, folder: Path, *command: str) -> subprocess.Popen[str]:
    """Start the entry command with files in `folder`; a program that runs its arguments is the image's own entry."""
    entry = folder / "docker-entrypoint.sh"
    entry.write_text('#!/bin/sh\nexec "$@"\n', encoding="utf-8")
    entry.chmod(0o700)
    data = case.env.database.facts.data
    line = [word.replace(data, str(folder)).replace(FOLDER, f"{folder}/tls") for word in _container(case)["EntryPoint"]]
    variables = {"PATH": f"{folder}:/usr/bin:/bin", "LOCK_SECONDS": "1"}
    return subprocess.Popen(
        [*line, *command],
        text=True,
        env=variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_a_second_server_on_the_same_files_waits_and_refuses(container: Case, tmp_path: Path) -> None:
    """Its image's own entry point does not start before the first server has ended, however that ended."""
    if "EntryPoint" not in _container(container):
        facts = container.env.database.facts
        assert facts.locks_files or "MountPoints" not in _container(container)
        return
    with _enter(container, tmp_path, "sh", "-c", "echo up; read line") as first:
        assert first.stdout
        assert first.stdout.readline() == "up\n"
        with _enter(container, tmp_path, "echo", "two") as second:
            said, complaint = second.communicate(timeout=30)
        assert (second.returncode, said) == (1, "")
        assert complaint.splitlines()[-1].startswith("Another database server still has these files. This one ends")
        first.kill()
    with _enter(container, tmp_path, "echo", "three") as third:
        assert third.communicate(timeout=30) == ("three\n", "")


def test_user_and_password_of_the_server_are_references(container: Case) -> None:
    """To one secret, which Airflow's containers read too."""
    for secret in _container(container)["Secrets"]:
        assert secret["ValueFrom"]["Fn::Sub"].startswith("${DatabaseCredentials}:")
    variables = container.variables_of("Database")
    assert variables[container.env.database.facts.name_variable] == "airflow"


def test_persistent_files_have_their_own_access_point(container: Case) -> None:
    """Named by engine and version, since no other version could read the files."""
    access_points = container.resources(ACCESS_POINT)
    persistent = container.name == "container-postgres"
    assert ("DatabaseAccessPoint" in access_points) is persistent
    assert ("MountPoints" in _container(container)) is persistent
    if persistent:
        access_point = access_points["DatabaseAccessPoint"]
        assert access_point["DeletionPolicy"] == "RetainExceptOnCreate"
        assert access_point["Properties"]["RootDirectory"]["Path"] == "/database-postgres-17"
        assert access_point["Properties"]["PosixUser"] == {"Uid": "999", "Gid": "999"}
        (point,) = _container(container)["MountPoints"]
        assert point["ContainerPath"] == container.env.database.facts.data


def test_an_ephemeral_server_does_not_wait_for_the_disk(container: Case) -> None:
    """Its files go with its task; any other server waits."""
    assert isinstance(container.env.database, Container)
    facts = container.env.database.facts
    persistent = container.name == "container-postgres"
    command = _container(container)["Command"]
    tls = server_arguments(container.env.database)
    assert command == [*facts.arguments, *tls, *(() if persistent else facts.volatile)]


def test_the_health_check_is_the_engines_own_probe(container: Case) -> None:
    """With time for the server to prepare itself."""
    check = _container(container)["HealthCheck"]
    assert check["Command"] == ["CMD-SHELL", container.env.database.facts.probe]
    assert 60 <= check["StartPeriod"] <= 300


def test_only_airflow_reaches_the_database_container(container: Case) -> None:
    """Processes, one-off commands and the workers of Airflow 2; workers of Airflow 3 do not."""
    port = container.env.database.facts.port
    rules = container.resources("AWS::EC2::SecurityGroupIngress").items()
    target = {"Ref": "DatabaseSecurityGroup"}
    inward = {title: rule["Properties"] for title, rule in rules if rule["Properties"]["GroupId"] == target}
    assert {rule["FromPort"] for rule in inward.values()} == {port}
    assert not [rule for rule in inward.values() if "CidrIp" in rule]
    assert "WorkerToDatabaseIngress" not in inward
    assert {"SchedulerToDatabaseIngress", "CommandToDatabaseIngress"} <= set(inward)


def test_size_and_image_are_those_of_the_yaml(container: Case) -> None:
    """And no others."""
    sizes = {"container-postgres": ("512", "2048"), "container-mysql": ("256", "512")}
    assert (_definition(container)["Cpu"], _definition(container)["Memory"]) == sizes[container.name]
    assert _container(container)["Image"] == {"Ref": "DatabaseImage"}
    assert _container(container)["User"] == "999:999"
