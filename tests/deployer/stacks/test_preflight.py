"""What cannot go well is refused while nothing is changed, with the way out."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from deployer.aws.stacks import Stack
from deployer.stacks.preflight import (
    PreflightRefusal,
    check_account,
    check_database,
    check_owner,
    existing_stack,
)
from deployer.stacks.statuses import STATES, Action
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.session import FakeSession

NONE: Mapping[str, str] = MappingProxyType({})
OURS = {"windsock:environment": "demo"}
WAITING = [status for status, row in STATES.items() if row.action is Action.WAIT]


def _stack(status: str = "CREATE_COMPLETE", outputs: Mapping[str, str] = NONE, tags: Mapping[str, str] = NONE) -> Stack:
    return Stack(id="arn", name="demo", status=status, outputs=outputs, tags=tags)


def _deployed(status: str, outputs: dict[str, str], tags: dict[str, str]) -> FakeSession:
    session = FakeSession()
    session.cloudformation.put("demo", status, outputs=outputs, tags=tags)
    return session


def test_the_environments_own_account_passes() -> None:
    """The account of the YAML is the one the credentials belong to."""
    session = FakeSession()
    check_account(environment(), session.as_session)
    assert session.cloudformation.orders == {}


def test_another_account_is_refused_with_both_numbers() -> None:
    """A user with two profiles sees which one was used."""
    with pytest.raises(PreflightRefusal, match=r"999999999999.*123456789012") as refusal:
        check_account(environment(), FakeSession(account="999999999999").as_session)
    assert "--profile" in refusal.value.next_step


@pytest.mark.parametrize(
    "stack",
    [None, _stack(tags=OURS), _stack("REVIEW_IN_PROGRESS")],
    ids=["no stack", "our tag", "an abandoned first change set"],
)
def test_a_name_that_is_free_or_ours_passes(stack: Stack | None) -> None:
    """A stack that only has a change set has no tags yet, and nothing to lose: the same call with tags is refused."""
    check_owner(environment(), stack)
    with pytest.raises(PreflightRefusal):
        check_owner(environment(), _stack())


@pytest.mark.parametrize("tags", [{}, {"windsock:environment": "other"}, {"team": "data"}])
def test_a_stack_of_somebody_else_is_refused(tags: dict[str, str]) -> None:
    """An equal name is no licence."""
    with pytest.raises(PreflightRefusal, match="did not make it") as refusal:
        check_owner(environment(), _stack(tags=tags))
    assert "windsock:environment" in refusal.value.why


def test_a_new_environment_with_an_untested_database_is_refused() -> None:
    """Its release was tested with others, which are named; an environment that is deployed with it goes on."""
    env = environment(**{"network:": 'database: {version: "16"}\nnetwork:'})
    with pytest.raises(PreflightRefusal, match="was not tested with PostgreSQL 16") as refusal:
        check_database(env, None)
    assert 'valid: "14", "15"' in refusal.value.next_step
    check_database(env, _stack())
    check_database(environment(), None)


def test_a_deployed_environment_is_found() -> None:
    """Its root stack comes back with outputs."""
    session = _deployed("UPDATE_COMPLETE", {"AirflowVersion": "2.5.3"}, OURS)
    assert existing_stack(environment(), session.as_session).outputs == {"AirflowVersion": "2.5.3"}


def test_an_absent_environment_is_refused() -> None:
    """With the region in which it was looked for."""
    with pytest.raises(PreflightRefusal, match="not deployed in us-west-2: there is no such stack") as refusal:
        existing_stack(environment(), FakeSession().as_session)
    assert "windsock deploy" in refusal.value.next_step


def test_an_environment_that_never_came_up_is_refused() -> None:
    """A stack without outputs has nothing to push to; its status says why."""
    session = _deployed("ROLLBACK_COMPLETE", {}, OURS)
    with pytest.raises(PreflightRefusal, match="its stack is ROLLBACK_COMPLETE"):
        existing_stack(environment(), session.as_session)


def test_somebody_elses_stack_is_not_ours_to_use() -> None:
    """Outputs or not."""
    session = _deployed("CREATE_COMPLETE", {"X": "1"}, {})
    with pytest.raises(PreflightRefusal, match="did not make it"):
        existing_stack(environment(), session.as_session)


@pytest.mark.parametrize("status", WAITING)
def test_an_environment_that_is_being_changed_is_refused(status: str) -> None:
    """A second change would collide with the deploy that goes on."""
    session = _deployed(status, {"AirflowVersion": "2.5.3"}, OURS)
    with pytest.raises(PreflightRefusal, match=f"its stack is {status}") as refusal:
        existing_stack(environment(), session.as_session)
    assert "windsock status" in refusal.value.next_step


@pytest.mark.parametrize(
    ("tag", "branch", "words"),
    [
        ({"windsock:branch": "b-c"}, "c", "is the environment of branch 'b-c', not of branch 'c'"),
        ({"windsock:branch": "c"}, "", "is the environment of branch 'c', not of a YAML without --branch"),
        ({}, "c", "is the environment of a YAML without --branch, not of branch 'c'"),
    ],
)
def test_another_branch_of_the_same_name_is_refused(tag: dict[str, str], branch: str, words: str) -> None:
    """With both branches; two YAMLs may lead to the same name."""
    with pytest.raises(PreflightRefusal, match=words) as refusal:
        check_owner(environment().on_branch(branch), _stack(tags={**OURS, **tag}))
    assert "windsock:branch" in refusal.value.why


def test_the_same_branch_passes() -> None:
    """Its own stack is there to be changed."""
    stack = _stack(tags={**OURS, "windsock:branch": "feature/x"})
    check_owner(environment().on_branch("feature/x"), stack)
    with pytest.raises(PreflightRefusal):
        check_owner(environment().on_branch("feature-x"), stack)
