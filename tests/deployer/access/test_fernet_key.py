"""The key of another Airflow becomes that of the environment, and stands in no message."""

from dataclasses import replace

import pytest

from deployer.access.fernet_key import FernetKeyRefusal, refuse_unfit_key, take_over_key
from deployer.aws.stacks import STACK_TYPE, Resource
from deployer.stacks.outputs import Outputs
from spec.environment import Environment
from tests.deployer.fakes.cloudformation import arn
from tests.deployer.fakes.environment import World, environment, outputs_of

KEY = "k" * 43
SEED = "arn:seed"


def _env(key: str = ", fernet_key: demo/fernet-key") -> Environment:
    return environment(**{"name:": f'database: {{version: "15", restore_from: {{dump: airflow.sql{key}}}}}\nname:'})


def _world(**secrets: str) -> tuple[World, Outputs]:
    world = World()
    outputs = replace(outputs_of(world), stack_id=arn("demo"))
    fake = world.session.cloudformation
    fake.put("demo", "CREATE_COMPLETE")
    stack = Resource(logical_id="Secrets", physical_id=arn("demo-secrets"), type=STACK_TYPE, status="CREATE_COMPLETE")
    seed = Resource(logical_id="FernetSeed", physical_id=SEED, type="AWS::SecretsManager::Secret", status="")
    fake.members |= {"demo": (stack,), "demo-secrets": (seed,)}
    world.session.secrets.values |= {SEED: "generated", **secrets}
    return world, outputs


def test_the_environment_takes_the_key_without_its_end() -> None:
    """Containers put it there; a second time nothing is written."""
    world, outputs = _world(**{"demo/fernet-key": f"{KEY}=\n"})
    assert take_over_key(_env(), world.session.as_session, outputs)
    assert world.session.secrets.values[SEED] == KEY
    assert not take_over_key(_env(), world.session.as_session, outputs)


def test_several_keys_of_a_rotation_are_taken() -> None:
    """Airflow encrypts with the first, and reads with all."""
    world, outputs = _world(**{"demo/fernet-key": f"{KEY}=,{'o' * 43}="})
    refuse_unfit_key(_env(), world.session.as_session)
    take_over_key(_env(), world.session.as_session, outputs)
    assert world.session.secrets.values[SEED] == f"{KEY}=,{'o' * 43}"


def test_without_a_key_the_environment_keeps_its_own() -> None:
    """Nothing in the dump is encrypted then."""
    world, outputs = _world()
    refuse_unfit_key(_env(""), world.session.as_session)
    assert not take_over_key(_env(""), world.session.as_session, outputs)
    assert world.session.secrets.values[SEED] == "generated"


@pytest.mark.parametrize(
    ("held", "why"), [({}, "is not there"), ({"demo/fernet-key": "hunter2"}, "holds no Fernet key")]
)
def test_what_is_no_key_is_refused_without_its_value(held: dict[str, str], why: str) -> None:
    """With the command that stores one."""
    with pytest.raises(FernetKeyRefusal, match=why) as refusal:
        refuse_unfit_key(_env(), _world(**held)[0].session.as_session)
    assert "windsock secrets set" in refusal.value.next_step
    assert "hunter2" not in f"{refusal.value} {refusal.value.why}"
