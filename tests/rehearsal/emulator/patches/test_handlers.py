"""The promises of rehearsal/emulator/patches/handlers.py, in an emulator."""

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal


def test_a_handler_of_ours_calls_the_api_while_the_emulator_answers(yard: Yard) -> None:
    """A task definition in a root stack is registered through the API, which answers on the event loop."""
    container = {"Name": "idle", "Image": "example.org/idle:1"}
    definition = {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [container]}}
    stack = yard.create("worker", {"Definition": definition})
    assert yard.status(stack) == "CREATE_COMPLETE"
    assert yard.delete(stack) == "DELETE_COMPLETE"
