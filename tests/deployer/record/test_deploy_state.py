"""The marker survives its own future, its past in the bucket, and CloudFormation's writing over it."""

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


def test_it_is_read_as_it_was_written(session: FakeSession, outputs: Outputs) -> None:
    """Round trip, through the parameter alone."""
    write_deploy_state(session.as_session, outputs, DONE)
    assert read_deploy_state(session.as_session, outputs) == DONE
    assert session.s3.puts == []


def test_no_marker_is_an_empty_one(session: FakeSession, outputs: Outputs) -> None:
    """Nothing is done yet."""
    assert read_deploy_state(session.as_session, outputs) == NOTHING


def test_unknown_fields_do_no_harm(session: FakeSession, outputs: Outputs) -> None:
    """A newer Windsock may have written more."""
    session.parameters.values["marker"] = json.dumps({"code": "1", "colour": "blue"})
    assert read_deploy_state(session.as_session, outputs) == DeployState(code="1")


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "null"])
def test_what_nobody_can_read_says_nothing(session: FakeSession, outputs: Outputs, text: str) -> None:
    """All that a marker spares can be done again."""
    session.parameters.values["marker"] = text
    assert read_deploy_state(session.as_session, outputs) == NOTHING


def test_a_stack_from_before_the_parameter_has_it_in_its_bucket(session: FakeSession, outputs: Outputs) -> None:
    """Until the parameter says something, the bucket is asked; without a parameter it is written there as before."""
    old = replace(outputs, state_parameter="")
    write_deploy_state(session.as_session, old, DONE)
    assert session.s3.puts == [KEY]
    assert read_deploy_state(session.as_session, old) == read_deploy_state(session.as_session, outputs) == DONE


def test_what_cloudformation_sets_back_is_written_again(session: FakeSession, outputs: Outputs) -> None:
    """A changed tag writes the parameter's first value over what was known."""
    keep_deploy_state(session.as_session, outputs, DONE)
    assert read_deploy_state(session.as_session, outputs) == DONE


def test_what_is_there_is_kept(session: FakeSession, outputs: Outputs) -> None:
    """A marker that says something is newer than what was known."""
    write_deploy_state(session.as_session, outputs, DeployState(code="newer"))
    keep_deploy_state(session.as_session, outputs, DONE)
    assert read_deploy_state(session.as_session, outputs) == DeployState(code="newer")
