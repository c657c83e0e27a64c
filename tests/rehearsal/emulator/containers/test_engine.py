"""The promises of the pure parts of rehearsal/emulator/containers/engine.py and container.py."""

import pytest

from rehearsal.emulator.containers.container import health_command, health_rules
from rehearsal.emulator.containers.engine import (
    CannotPullError,
    command_line,
    image_variables,
    numeric_user,
    refuse_other_processors,
)
from rehearsal.emulator.containers.image_store import Image


def test_entry_points_join_as_in_docker() -> None:
    """A definition's entry point replaces the image's; the command follows either."""
    image = Image(environment="/venv", entrypoint=("aws",))
    assert command_line({"name": "a"}, image, ["s3", "ls"]) == ("aws", "s3", "ls")
    assert command_line({"name": "a", "entryPoint": ["/bin/bash", "-c"]}, image, ["x"]) == ("/bin/bash", "-c", "x")
    with pytest.raises(ValueError, match="neither a command nor an entry point"):
        command_line({"name": "a"}, Image(environment="/venv"), None)


@pytest.mark.parametrize(
    ("user", "numbers"),
    [("50000:0", (50000, 0)), ("0", (0, 0)), ("root", (0, 0)), ("airflow:root", (50000, 0)), ("7:8", (7, 8))],
)
def test_users_are_names_or_numbers(user: str, numbers: tuple[int, int]) -> None:
    """Names and numbers of users are understood as the image's /etc/passwd has them."""
    assert numeric_user(user) == numbers


def test_the_images_own_variables_win() -> None:
    """The environment's programs come first, and the image's own variables win."""
    variables = image_variables(Image(environment="/venv", variables={"LANG": "C", "X": "1"}))
    assert variables["PATH"].startswith("/venv/bin:")
    assert (variables["LANG"], variables["X"]) == ("C", "1")


@pytest.mark.parametrize(
    ("command", "run"),
    [
        (["CMD-SHELL", "curl x || exit 1"], ("/bin/sh", "-c", "curl x || exit 1")),
        (["CMD", "curl", "x"], ("curl", "x")),
        (["NONE"], ()),
    ],
)
def test_health_commands_have_three_forms(command: list[str], run: tuple[str, ...]) -> None:
    """The three forms of a health check's command."""
    assert health_command({"healthCheck": {"command": command}}) == run


def test_health_rules_default_as_in_ecs() -> None:
    """What a definition leaves out is 30 s apart, 5 s long, three times."""
    rules = health_rules({"healthCheck": {"command": ["CMD", "true"]}})
    assert (rules.interval, rules.timeout, rules.failures, rules.start_period) == (30, 5, 3, 0)
    assert health_command({}) == ()


def test_an_image_for_other_processors_cannot_be_pulled() -> None:
    """The message is that of AWS; an image without processors of its own has all of them."""
    with pytest.raises(CannotPullError, match="does not contain descriptor matching platform 'linux/arm64'"):
        refuse_other_processors(Image(environment="/venv", architecture="X86_64"), "ARM64")
    refuse_other_processors(Image(environment="/venv", architecture="ARM64"), "ARM64")
    refuse_other_processors(Image(environment="/venv"), "ARM64")
