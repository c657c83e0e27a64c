"""Who is no pusher of the YAML is refused before anything is changed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deployer.deploy import deploy
from deployer.push import planned_push, push
from deployer.releases.pushers import PusherRefusal, is_named, refuse_other_pushers
from deployer.rollback import rollback
from spec.environment import Environment
from tests.deployer.fakes.environment import Images, World, environment, template_set, write_home
from tests.deployer.fakes.session import FakeSession, Recorder

ROLE, ANN = "arn:aws:iam::123456789012:role/teams/ci", "arn:aws:iam::123456789012:user/ann"
SESSION = "arn:aws:sts::123456789012:assumed-role"
BOB = "arn:aws:iam::123456789012:user/bob"


def _environment(*pushers: str) -> Environment:
    return environment(**{"network:": f"code: {{pushers: {list(pushers)}}}\nnetwork:"})


@pytest.mark.parametrize(
    ("caller", "named"),
    [
        (f"{SESSION}/ci/run-7", True),
        (f"{SESSION}/ci-2/run-7", False),
        (f"{SESSION}/ann/run-7", False),
        (ANN, True),
        (BOB, False),
        ("arn:aws:iam::123456789012:user/ci", False),
        ("arn:aws:iam::123456789012:root", True),
    ],
)
def test_a_session_is_known_by_its_role_and_a_user_by_its_arn(caller: str, *, named: bool) -> None:
    """The ARN of a session has no path. The root user is for S3 to judge."""
    assert is_named(caller, (ROLE, ANN)) is named


def test_the_refusal_names_who_may() -> None:
    """And says what to do."""
    session = FakeSession(caller=f"{SESSION}/dev/bob")
    with pytest.raises(PusherRefusal, match="assumed-role/dev/bob may not bring code to demo") as caught:
        refuse_other_pushers(_environment(ROLE, ANN), session.as_session)
    assert ROLE in caught.value.why
    assert "--profile" in caught.value.next_step


def test_without_the_key_whoever_has_the_rights_goes_on() -> None:
    """As ever; and another account is refused as such."""
    refuse_other_pushers(environment(), FakeSession(caller=BOB).as_session)
    refuse_other_pushers(_environment(ANN), FakeSession(caller=BOB, account="999999999999").as_session)


def _deploy(env: Environment, world: World, home: Path) -> object:
    return deploy(
        env, template_set(), world.session.as_session, images=Images(), progress=Recorder(), airflow_home=home
    )


def _push(env: Environment, world: World, home: Path) -> object:
    return push(env, world.session.as_session, progress=Recorder(), airflow_home=home)


def _rollback(env: Environment, world: World, _home: Path) -> object:
    return rollback(env, world.session.as_session, progress=Recorder())


@pytest.mark.parametrize("verb", [_deploy, _push, _rollback])
def test_every_verb_that_brings_code_refuses_before_it_writes(
    verb: Callable[[Environment, World, Path], object], tmp_path: Path
) -> None:
    """Nothing in AWS has changed; the list that names the caller lets it go on."""
    world, home = World(), write_home(tmp_path)
    _deploy(_environment(ANN), world, home)
    before = {name: dict(objects) for name, objects in world.session.s3.buckets.items()}
    with pytest.raises(PusherRefusal):
        verb(_environment(ROLE), world, home)
    assert {name: dict(objects) for name, objects in world.session.s3.buckets.items()} == before


def test_a_look_at_a_push_is_for_everybody(tmp_path: Path) -> None:
    """It writes nothing; S3 says who may read."""
    world, home = World(), write_home(tmp_path)
    _deploy(_environment(ANN), world, home)
    session = world.session.as_session
    with planned_push(_environment(ROLE), session, progress=Recorder(), airflow_home=home, only_look=True) as planned:
        assert not planned.plan.acts
