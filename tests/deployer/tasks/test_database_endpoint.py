"""The database's address is read from the environment's own containers."""

from typing import Any

from deployer.stacks.outputs import Outputs, read_outputs
from deployer.tasks.database_endpoint import DatabaseEndpoint, find_database_endpoint, read_password
from tests.deployer.fakes.environment import World

SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:demo-credentials-AbCdEf"


def _world(**variables: str) -> tuple[World, Outputs]:
    """Return a deployed environment whose command task has these variables of a database."""
    world = World()
    env_vars = {"DB_HOST": "db.internal", "DB_PORT": "5432", "DB_NAME": "airflow", **variables}
    container: dict[str, Any] = {
        "name": "airflow",
        "image": "i",
        "environment": [{"name": name, "value": value} for name, value in env_vars.items()],
        "secrets": [
            {"name": "DB_USER", "valueFrom": f"{SECRET}:username::"},
            {"name": "DB_PASSWORD", "valueFrom": f"{SECRET}:password::"},
        ],
    }
    world.session.ecs.definitions["command:1"] = {"family": "command", "containerDefinitions": [container]}
    world.session.secrets.values[SECRET] = '{"username": "airflow", "password": "very-secret"}'
    stack = world.session.cloudformation.put("demo", "CREATE_COMPLETE", outputs=world._fixed())
    return world, read_outputs(stack)


def test_an_instance_requires_tls() -> None:
    """Host, port, name and user are read without the secret."""
    world, outputs = _world(DB_SSL_MODE="verify-full")
    place = find_database_endpoint(world.session.as_session, outputs)
    assert place == DatabaseEndpoint(
        host="db.internal", port=5432, name="airflow", user="airflow", secret=SECRET, tls=True, key="password"
    )
    assert world.session.secrets.reads == []


def test_a_container_has_a_private_name_and_no_tls() -> None:
    """With its engine's port."""
    world, outputs = _world(DB_HOST="database.demo.airflow.local", DB_PORT="3306")
    place = find_database_endpoint(world.session.as_session, outputs)
    assert (place.host, place.port, place.tls) == ("database.demo.airflow.local", 3306, False)


def test_the_password_is_read_only_on_request() -> None:
    """From the secret that holds it, and from no other."""
    world, outputs = _world()
    session = world.session.as_session
    assert read_password(session, find_database_endpoint(session, outputs)) == "very-secret"
    assert world.session.secrets.reads == [SECRET]
