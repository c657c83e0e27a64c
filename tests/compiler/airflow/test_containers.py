"""Promises of the containers: all have the same configuration, a log group, and no secret in plain text."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.compiler.conftest import Case

AIRFLOW = "Command", "Webserver", "Scheduler"


def _definitions(case: Case) -> dict[str, dict[str, Any]]:
    definitions = case.resources("AWS::ECS::TaskDefinition")
    return {title: definition["Properties"] for title, definition in definitions.items()}


def _containers(case: Case) -> Iterator[dict[str, Any]]:
    for definition in _definitions(case).values():
        yield from definition["ContainerDefinitions"]


def test_every_container_has_a_log_group(case: Case) -> None:
    """One that exists already, with a stream prefix, and with a mode of delivery."""
    for container in _containers(case):
        options = container["LogConfiguration"]["Options"]
        assert options["awslogs-group"]["Ref"].endswith("LogGroup")
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", options["awslogs-stream-prefix"])
        assert options["mode"] in {"blocking", "non-blocking"}
        assert "awslogs-create-group" not in options


def test_no_container_runs_as_root_or_without_init(case: Case) -> None:
    """Each container runs as its image's user, below an init process that reaps orphans."""
    for container in _containers(case):
        assert container["User"] == ("999:999" if container["Name"] == "database" else "50000:0")
        assert container["LinuxParameters"] == {"InitProcessEnabled": True}
        assert "Privileged" not in container


def test_every_volume_is_mounted_over_tls(case: Case) -> None:
    """Through an access point, with the role of the task."""
    for definition in _definitions(case).values():
        for volume in definition.get("Volumes", ()):
            configuration = volume["EFSVolumeConfiguration"]
            assert configuration["TransitEncryption"] == "ENABLED"
            assert configuration["AuthorizationConfig"]["IAM"] == "ENABLED"
            assert "RootDirectory" not in configuration


def test_every_mount_has_its_volume(case: Case) -> None:
    """A container mounts what its task definition names, and the definition names nothing else."""
    for definition in _definitions(case).values():
        (container,) = definition["ContainerDefinitions"]
        mounted = [point["SourceVolume"] for point in container.get("MountPoints", ())]
        assert mounted == [volume["Name"] for volume in definition.get("Volumes", ())]


@pytest.mark.parametrize("process", AIRFLOW)
def test_connection_and_fernet_key_are_joined_inside_the_container(case: Case, process: str) -> None:
    """A shell joins them from injected secrets."""
    variables = case.variables_of(process)
    shell, flag, script = shlex.split(variables["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD"])
    assert (shell, flag) == ("bash", "-c")
    parts = '"$DB_USER" "$DB_PASSWORD" "$DB_HOST" "$DB_PORT" "$DB_NAME"'
    assert script.startswith("printf ")
    assert case.env.database.facts.url in script
    assert script.endswith(f" {parts}")
    assert shlex.split(variables["AIRFLOW__CORE__FERNET_KEY_CMD"]) == ["bash", "-c", 'printf %s= "$FERNET_SEED"']
    assert "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN" not in variables


def test_options_of_the_user_override_the_releases(largest: Case) -> None:
    """`airflow.config` wins over the release table, in the words that Airflow reads."""
    variables = largest.variables_of("Scheduler")
    assert variables["AIRFLOW__CORE__LOAD_EXAMPLES"] == "True"
    assert variables["AIRFLOW__CORE__PARALLELISM"] == "64"
    assert variables["AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC"] == "2.5"
    assert variables["AIRFLOW__FAB__ENABLE_PROXY_FIX"] == "False"


def test_processes_share_their_configuration(case: Case) -> None:
    """Every process has the same variables, but for those that the release table gives to one process."""
    own = {name for process in case.env.processes for name in (*process.environment, "DUMB_INIT_SETSID")}
    settings = [case.variables_of(process) for process in AIRFLOW]
    # Who starts workers is told how; one-off commands start none.
    how = {name for name in settings[2] if name.startswith("AIRFLOW__AWS_ECS_EXECUTOR__") and name not in settings[0]}
    shared = [
        {name: value for name, value in each.items() if name not in own | how and not _of_login(name)}
        for each in settings
    ]
    assert shared[0] == shared[1] == shared[2]


def test_only_the_web_server_and_user_commands_have_the_oauth_client(oauth: Case) -> None:
    """No other container gets the client."""
    for process in ("Webserver", "Command"):
        assert "WINDSOCK_AUTH_KIND" in oauth.variables_of(process)
    assert not [name for name in oauth.variables_of("Scheduler") if _of_login(name)]


def _of_login(name: str) -> bool:
    return name.startswith("WINDSOCK_AUTH_")


def test_tasks_of_airflow_3_have_the_address_of_the_api(largest: Case, smallest: Case) -> None:
    """Inside the network, not through the load balancer, which would refuse them."""
    name = "AIRFLOW__CORE__EXECUTION_API_SERVER_URL"
    address = f"http://api.{largest.env.name}.airflow.local:8080/execution/"
    assert largest.variables_of("Scheduler")[name] == address
    assert name not in smallest.variables_of("Scheduler")


def test_every_image_is_pinned(case: Case) -> None:
    """Every image is a parameter, which a deploy gives a digest."""
    assert {container["Image"]["Ref"] for container in _containers(case)} == {
        "ImageUri",
        *(["DatabaseImage"] if case.own else []),
    }


def test_no_variable_holds_a_secret(case: Case) -> None:
    """A secret is a reference to Secrets Manager, never the value of a variable."""
    for container in _containers(case):
        for variable in container["Environment"]:
            secretive = re.search(r"PASSWORD|SECRET(?!S__BACKEND)|TOKEN|FERNET_KEY$", variable["Name"])
            assert not secretive, variable["Name"]
        for secret in container.get("Secrets", ()):
            given = secret["ValueFrom"]
            assert given.startswith("arn:") if isinstance(given, str) else set(given) <= {"Ref", "Fn::Sub"}
