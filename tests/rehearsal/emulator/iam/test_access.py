"""The promises of rehearsal/emulator/iam/access.py, in an emulator."""

import pytest

from rehearsal.emulator.iam import usage
from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal


def test_the_emulator_calls_itself_without_a_policy(yard: Yard) -> None:
    """A handler of CloudFormation registers a task definition through the API, although no role of it may."""
    container = {"Name": "idle", "Image": "example.org/idle:1"}
    definition = {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [container]}}
    stack = yard.create("own-calls", {"Definition": definition})
    assert yard.status(stack) == "CREATE_COMPLETE"
    yard.delete(stack)
    assert not any(use.action == "ecs:RegisterTaskDefinition" for use in usage.read(yard.emulator.directory))


def test_a_program_in_a_task_calls_with_its_own_keys(yard: Yard) -> None:
    """With the variables that it has, and no key of the session."""
    program = "import os; print(*(name for name in os.environ if 'SECRET' in name or 'ACCESS_KEY' in name))"
    assert yard.run("python", "-c", program) == [""]
