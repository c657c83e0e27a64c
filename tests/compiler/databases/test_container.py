"""Promises of the database as a container: alone on its files, closed to all but Airflow, its secrets never spelt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

DOOR = "AWS::EFS::AccessPoint"


def _service(case: Case) -> dict[str, Any]:
    return dict(case.resources("AWS::ECS::Service")["DatabaseService"]["Properties"])


def _definition(case: Case) -> dict[str, Any]:
    return case.definition_of("Database")


def _container(case: Case) -> dict[str, Any]:
    return case.container_of("Database")


def test_two_servers_never_share_files(container: Case) -> None:
    """The old one is gone before the new one starts, also when ECS would rather balance zones."""
    service = _service(container)
    configuration = service["DeploymentConfiguration"]
    assert (configuration["MinimumHealthyPercent"], configuration["MaximumPercent"]) == (0, 100)
    assert configuration["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": False}
    assert service["AvailabilityZoneRebalancing"] == "DISABLED"
    assert service["DesiredCount"] == 1


def test_the_server_is_told_what_it_may_not_be_told_in_the_open(container: Case) -> None:
    """User and password are references into one secret, which Airflow's containers read too."""
    for secret in _container(container)["Secrets"]:
        assert secret["ValueFrom"]["Fn::Sub"].startswith("${DatabaseCredentials}:")
    variables = container.variables_of("Database")
    assert variables[container.env.database.facts.name_variable] == "airflow"


def test_files_lie_behind_a_door_of_their_own(container: Case) -> None:
    """Where they are to outlive the task; named by engine and version, which no other could read."""
    doors = container.resources(DOOR)
    persistent = container.name == "container-postgres"
    assert ("DatabaseAccessPoint" in doors) is persistent
    assert ("MountPoints" in _container(container)) is persistent
    if persistent:
        door = doors["DatabaseAccessPoint"]
        assert door["DeletionPolicy"] == "RetainExceptOnCreate"
        assert door["Properties"]["RootDirectory"]["Path"] == "/database-postgres-17"
        assert door["Properties"]["PosixUser"] == {"Uid": "999", "Gid": "999"}
        (point,) = _container(container)["MountPoints"]
        assert point["ContainerPath"] == container.env.database.facts.data


def test_what_is_lost_anyway_is_written_fast(container: Case) -> None:
    """Only a server whose files go with its task writes without waiting for the disk."""
    facts = container.env.database.facts
    persistent = container.name == "container-postgres"
    command = _container(container)["Command"]
    assert command == [*facts.arguments, *(() if persistent else facts.volatile)]


def test_it_is_watched_from_inside(container: Case) -> None:
    """By the engine's own probe, with time to prepare itself."""
    check = _container(container)["HealthCheck"]
    assert check["Command"] == ["CMD-SHELL", container.env.database.facts.probe]
    assert 60 <= check["StartPeriod"] <= 300


def test_only_who_works_with_it_reaches_it(container: Case) -> None:
    """Processes, one-off commands and the workers of Airflow 2 reach its port; workers of Airflow 3 do not."""
    port = container.env.database.facts.port
    rules = container.resources("AWS::EC2::SecurityGroupIngress").items()
    target = {"Ref": "DatabaseSecurityGroup"}
    inward = {title: rule["Properties"] for title, rule in rules if rule["Properties"]["GroupId"] == target}
    assert {rule["FromPort"] for rule in inward.values()} == {port}
    assert not [rule for rule in inward.values() if "CidrIp" in rule]
    assert "WorkerToDatabaseIngress" not in inward
    assert {"SchedulerToDatabaseIngress", "CommandToDatabaseIngress"} <= set(inward)


def test_size_and_image_are_those_of_the_yaml(container: Case) -> None:
    """The YAML decides."""
    database = container.env.database
    sizes = {"container-postgres": ("512", "2048"), "container-mysql": ("256", "512")}
    assert (_definition(container)["Cpu"], _definition(container)["Memory"]) == sizes[container.name]
    assert _container(container)["Image"] == database.facts.reference(database.version)
    assert _container(container)["User"] == "999:999"
