"""What containers of an earlier Windsock read stays on the cluster until a deploy replaces them."""

import pytest

from deployer.release.former_runtime import FORMER_FILES, files_still_read
from tests.deployer.fakes.environment import World, outputs_of

FORMER = "ln -sfn /opt/airflow/config/webserver_config.py /opt/airflow/webserver_config.py && exec airflow version"


def _world(command: str) -> World:
    world = World()
    (container,) = world.session.ecs.definitions["command:1"]["containerDefinitions"]
    container["command"] = ["bash", "-c", command]
    return world


@pytest.mark.parametrize(("command", "kept"), [(FORMER, {"config/log_config.py"}), ("exec airflow version", set())])
def test_the_deployed_command_tells(command: str, kept: set[str]) -> None:
    """Of what the bucket holds, only files of an earlier Windsock, and only while containers read them."""
    world = _world(command)
    held = ("config/log_config.py", "config/mine.py", "dags/one.py")
    assert files_still_read(world.session.as_session, outputs_of(world), held) == kept


def test_without_such_a_file_nobody_is_asked() -> None:
    """The usual case costs no call: here the definition does not even exist."""
    world = World()
    world.session.ecs.definitions = {}
    assert not files_still_read(world.session.as_session, outputs_of(world), ("dags/one.py",))
    assert all(name.startswith("config/") for name in FORMER_FILES)
