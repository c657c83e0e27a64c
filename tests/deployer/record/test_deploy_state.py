"""The deploy state is read from newer and older releases, and survives CloudFormation's reset of its parameter."""

import json
from dataclasses import replace

import pytest

from deployer.record.deploy_state import (
    KEY,
    NOTHING,
    DeployState,
    keep_deploy_state,
    read_deploy_state,
    write_deploy_state,
)
from deployer.stacks.outputs import Outputs
from tests.deployer.fakes.environment import World, outputs_of
from tests.deployer.fakes.session import FakeSession

DONE = DeployState(airflow_version="2.5.3", run="abc")


@pytest.fixture
def session() -> FakeSession:
    """Return an account with an empty deploy state."""
    return World().session


@pytest.fixture
def outputs() -> Outputs:
    """Return the outputs of a deployed environment."""
    return outputs_of(World())


def test_a_deploy_state_is_read_as_it_was_written(session: FakeSession, outputs: Outputs) -> None:
    """Round trip, through the parameter alone."""
    write_deploy_state(session.as_session, outputs, DONE)
    assert read_deploy_state(session.as_session, outputs) == DONE
    assert session.s3.puts == []


def test_a_missing_deploy_state_is_empty(session: FakeSession, outputs: Outputs) -> None:
    """Nothing is done yet."""
    assert read_deploy_state(session.as_session, outputs) == NOTHING


def test_unknown_fields_are_ignored(session: FakeSession, outputs: Outputs) -> None:
    """A newer Windsock may have written more."""
    session.parameters.values["marker"] = json.dumps({"code": "1", "colour": "blue"})
    assert read_deploy_state(session.as_session, outputs) == DeployState(code="1")


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "null"])
def test_an_unreadable_deploy_state_is_empty(session: FakeSession, outputs: Outputs, text: str) -> None:
    """All work that it would spare can be done again."""
    session.parameters.values["marker"] = text
    assert read_deploy_state(session.as_session, outputs) == NOTHING


def test_a_stack_without_the_parameter_keeps_its_state_in_the_bucket(session: FakeSession, outputs: Outputs) -> None:
    """While the parameter is empty, the bucket is read; without a parameter the state is written there as before."""
    old = replace(outputs, state_parameter="")
    write_deploy_state(session.as_session, old, DONE)
    assert session.s3.puts == [KEY]
    assert read_deploy_state(session.as_session, old) == read_deploy_state(session.as_session, outputs) == DONE


def test_a_state_that_cloudformation_reset_is_restored(session: FakeSession, outputs: Outputs) -> None:
    """A changed tag writes the parameter's first value over the state."""
    keep_deploy_state(session.as_session, outputs, DONE)
    assert read_deploy_state(session.as_session, outputs) == DONE


def test_a_newer_state_is_not_overwritten(session: FakeSession, outputs: Outputs) -> None:
    """A parameter that holds a state is newer than what was read before."""
    write_deploy_state(session.as_session, outputs, DeployState(code="newer"))
    keep_deploy_state(session.as_session, outputs, DONE)
    assert read_deploy_state(session.as_session, outputs) == DeployState(code="newer")
