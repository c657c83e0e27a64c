"""The command task runs as the new templates have it, before the change set that brings them."""

from typing import Any

import pytest

from compiler.compile import compile_environment
from compiler.model.template_set import TemplateSet
from deployer.stacks.outputs import Outputs
from deployer.tasks.command_definition import command_definition
from tests.deployer.fakes.environment import World, environment, outputs_of, template_set

IMAGE = "repository@sha256:1"
DEPLOYED: dict[str, Any] = {
    "family": "command",
    "taskDefinitionArn": "command:1",
    "cpu": "256",
    "memory": "512",
    "runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
    "containerDefinitions": [
        {
            "name": "airflow",
            "image": "placeholder",
            "environment": [
                {"name": "DB_HOST", "value": "db.example.org"},
                {"name": "AIRFLOW__CORE__EXECUTOR", "value": "SequentialExecutor"},
                {"name": "GONE", "value": "1"},
            ],
            "secrets": [{"name": "ADMIN_PASSWORD", "valueFrom": "arn:secret"}],
        }
    ],
}


@pytest.fixture
def world() -> World:
    """Return an environment whose command task an older template has made."""
    world = World()
    world.session.ecs.definitions = {"command:1": DEPLOYED}
    return world


@pytest.fixture
def outputs(world: World) -> Outputs:
    """Return the outputs of that environment."""
    return outputs_of(world)


def _templates(**replacements: str) -> TemplateSet:
    return compile_environment(environment(**replacements))


def test_the_stack_s_own_definition_is_used_when_it_fits(world: World, outputs: Outputs) -> None:
    """No revision is registered for nothing."""
    assert command_definition(world.session.as_session, outputs, template_set(), "placeholder") == "command:1"
    assert list(world.session.ecs.definitions) == ["command:1"]


def test_a_revision_is_registered_once(world: World, outputs: Outputs) -> None:
    """The same image finds the revision that an earlier run registered, in whatever order ECS answers variables."""
    session, templates = world.session.as_session, _templates()
    first = command_definition(session, outputs, templates, IMAGE)
    (container,) = world.session.ecs.definitions[first]["containerDefinitions"]
    assert container["image"] == IMAGE
    container["environment"].reverse()
    assert command_definition(session, outputs, templates, IMAGE) == first


def test_size_and_processors_are_those_of_the_new_templates(world: World, outputs: Outputs) -> None:
    """The image is one for these processors, and does not start on the deployed ones."""
    templates = _templates(**{"network:": "fargate: {architecture: arm64}\nnetwork:"})
    registered = command_definition(world.session.as_session, outputs, templates, IMAGE)
    found = world.session.ecs.definitions[registered]
    assert found["runtimePlatform"] == {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}
    assert (found["cpu"], found["memory"]) == ("512", "1024")


def test_variables_are_those_of_the_new_templates(world: World, outputs: Outputs) -> None:
    """A new release needs its own settings; what only AWS knows stays as it is deployed, and old variables go."""
    registered = command_definition(world.session.as_session, outputs, _templates(), IMAGE)
    (container,) = world.session.ecs.definitions[registered]["containerDefinitions"]
    variables = {entry["name"]: entry["value"] for entry in container["environment"]}
    assert variables["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert variables["DB_HOST"] == "db.example.org"
    assert "GONE" not in variables
    assert container["secrets"] == [{"name": "ADMIN_PASSWORD", "valueFrom": "arn:secret"}]
