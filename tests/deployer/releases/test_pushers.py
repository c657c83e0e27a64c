"""Who is no pusher of the YAML is refused before anything is changed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from compiler.contract import CURRENT_RELEASE
from compiler.model.template_set import TemplateSet
from deployer.aws.errors import AwsRefusal
from deployer.aws.s3 import HeldObject
from deployer.deploy import deploy
from deployer.push import planned_push, push
from deployer.release.airflow_home import read_code
from deployer.releases.pushers import PusherRefusal, is_named, refuse_other_pushers
from deployer.releases.store import read_pointer
from deployer.rollback import rollback
from spec.environment import Environment
from tests.deployer.fakes.environment import STORAGE, Images, World, environment, template_set, write_home
from tests.deployer.fakes.session import FakeS3, FakeSession, Recorder

ROLE, ANN = "arn:aws:iam::123456789012:role/teams/ci", "arn:aws:iam::123456789012:user/ann"
SESSION = "arn:aws:sts::123456789012:assumed-role"
BOB = "arn:aws:iam::123456789012:user/bob"
DENIED = (
    f"User: {ANN} is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::code/current.json "
    "with an explicit deny in a resource-based policy"
)


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


def _deploy(env: Environment, world: World, home: Path, templates: TemplateSet | None = None) -> object:
    return deploy(
        env,
        templates or template_set(),
        world.session.as_session,
        images=Images(),
        progress=Recorder(),
        airflow_home=home,
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


@dataclass
class ListedS3(FakeS3):
    """Denies the pointer to the caller while it is shut."""

    is_shut: Callable[[], bool] = lambda: True

    def held(self, bucket: str, key: str) -> HeldObject | None:
        """Mirror the real client."""
        if self.is_shut() and key == CURRENT_RELEASE:
            raise AwsRefusal("AWS denies this to the caller.", why=f"GetObject: {DENIED}", code="AccessDenied")
        return super().held(bucket, key)


@pytest.mark.parametrize("running", [True, False])
def test_a_deploy_mends_a_list_that_shuts_its_caller_out(tmp_path: Path, *, running: bool) -> None:
    """It changes the policy before it looks for the code, where services run and where a first deploy ended there."""
    world, home, shut = World(), write_home(tmp_path), ListedS3(buckets={"templates": {}, "code": {}})
    if running:
        _deploy(_environment(ANN), world, home)
        shut.buckets = world.session.s3.buckets
    world.session.s3 = shut
    with pytest.raises(AwsRefusal):
        (_push if running else _deploy)(_environment(ANN), world, home)
    executed = world.session.cloudformation.executed
    shut.is_shut = partial(lambda before: len(executed) == before, len(executed))
    (home / "dags/one.py").write_text("x = 2\n")
    _deploy(_environment(ANN), world, home, template_set(STORAGE.replace("Bucket\n", "Bucket\n    Metadata: {}\n")))
    assert len(executed) > 1
    assert read_pointer(world.session.as_session, "code").release == read_code(home, "regexp").release


def test_a_look_at_a_push_is_for_everybody(tmp_path: Path) -> None:
    """It writes nothing; S3 says who may read."""
    world, home = World(), write_home(tmp_path)
    _deploy(_environment(ANN), world, home)
    session = world.session.as_session
    with planned_push(_environment(ROLE), session, progress=Recorder(), airflow_home=home, only_look=True) as planned:
        assert not planned.plan.acts
