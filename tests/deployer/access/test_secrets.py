"""Secrets that people fill lie below the environment's prefix, are told when they lack, and can be restored."""

from typing import Any

import pytest

from compiler.contract import ENVIRONMENT_TAG
from deployer.access.secrets import (
    MissingSecretsRefusal,
    SecretRefusal,
    list_secrets,
    own_name,
    refuse_missing,
    remove_secret,
    remove_secrets,
    set_secret,
    used_secrets,
    versions_of,
)
from deployer.aws.errors import AwsRefusal
from spec.environment import Environment
from tests.deployer.fakes.session import FakeSecrets, FakeSession
from tests.spec.minimal import GOOGLE, PYTHON, minimal

NEEDS = (
    "secrets: {TOKEN: {secret: demo/token}, USER: {secret: team/db, key: user}, PASSWORD: {secret: team/db, "
    "key: password}}, connections: {lake: {secret: demo/lake, key: uri}}, variables: {stage: {parameter: /team/stage}}"
)


@pytest.fixture
def env() -> Environment:
    """Return an environment that needs secrets."""
    return minimal(PYTHON, f"{PYTHON}, {NEEDS}")


def test_a_secret_is_made_with_the_tags_of_the_environment(env: Environment) -> None:
    """Below its prefix, which may be typed or not."""
    session = FakeSession()
    set_secret(env, session.as_session, "token", "one")
    assert session.secrets.values == {"demo/token": "one"}
    assert session.secrets.tags["demo/token"][ENVIRONMENT_TAG] == "demo"
    set_secret(env, session.as_session, "demo/token", "two")
    assert session.secrets.values == {"demo/token": "two"}


def test_a_removed_secret_comes_back_when_it_is_set_again(env: Environment) -> None:
    """Until then it is on the list, with the time when it ends for good."""
    session = FakeSession()
    set_secret(env, session.as_session, "token", "one")
    ends = remove_secret(env, session.as_session, "token")
    assert remove_secret(env, session.as_session, "token") == ends
    (token,) = (each for each in list_secrets(env, session.as_session) if each.name == "demo/token")
    assert (token.filled, token.ends) == (False, ends)
    set_secret(env, session.as_session, "token", "two")
    assert session.secrets.ends == {}
    assert session.secrets.values["demo/token"] == "two"


@pytest.mark.parametrize("name", ["", "/a", "a//b", "a b", "arn:aws:x", "db-secret", "ü"])
def test_what_is_no_name_is_refused(env: Environment, name: str) -> None:
    """Also one that ends like an ARN."""
    with pytest.raises(SecretRefusal):
        own_name(env, name)


@pytest.mark.parametrize("value", ["", "x" * 65_537])
def test_a_value_that_no_secret_holds_is_refused(env: Environment, value: str) -> None:
    """And not quoted."""
    with pytest.raises(SecretRefusal) as caught:
        set_secret(env, FakeSession().as_session, "token", value)
    assert "xxx" not in str(caught.value)


@pytest.mark.parametrize("value", ["hunter2", '{"url": "hunter2"}', '["uri"]'])
def test_a_value_without_the_keys_of_the_yaml_is_refused(env: Environment, value: str) -> None:
    """ECS would start no container with it."""
    with pytest.raises(SecretRefusal, match="uri") as caught:
        set_secret(env, FakeSession().as_session, "lake", value)
    assert "hunter2" not in str(caught.value)


def test_a_secret_of_somebody_else_is_left_alone(env: Environment) -> None:
    """Its tag says whose it is."""
    session = FakeSession()
    session.secrets.values["demo/token"] = "theirs"
    with pytest.raises(SecretRefusal, match="did not make it"):
        set_secret(env, session.as_session, "token", "ours")
    with pytest.raises(SecretRefusal, match="did not make it"):
        remove_secret(env, session.as_session, "token")
    assert list(remove_secrets(env, session.as_session)) == []
    assert session.secrets.values == {"demo/token": "theirs"}


def test_the_client_of_the_stacks_is_not_removed() -> None:
    """It goes with them."""
    with pytest.raises(SecretRefusal, match="belongs to the stacks"):
        remove_secret(minimal(more=GOOGLE), FakeSession().as_session, "oauth")


def test_a_teardown_removes_what_people_have_set(env: Environment) -> None:
    """It can be restored for thirty days."""
    session = FakeSession()
    set_secret(env, session.as_session, "token", "one")
    ((name, ends),) = remove_secrets(env, session.as_session)
    assert (name, session.secrets.ends) == ("demo/token", {"demo/token": ends})
    assert list(remove_secrets(env, session.as_session)) == []


def test_what_the_yaml_needs_and_nobody_has_filled_is_missing(env: Environment) -> None:
    """Each once, with the variables that it fills, and how to store it."""
    session = FakeSession()
    session.secrets.values["demo/token"] = "one"
    session.parameters.values["/team/stage"] = "test"
    used = used_secrets(env, session.as_session)
    assert [(each.name, each.variables) for each in used if each.filled is False] == [
        ("demo/lake", ("AIRFLOW_CONN_LAKE",)),
        ("team/db", ("USER", "PASSWORD")),
    ]
    with pytest.raises(MissingSecretsRefusal) as caught:
        refuse_missing(env, used)
    assert "2 secrets" in str(caught.value)
    assert "secret team/db, for USER, PASSWORD" in str(caught.value)
    assert "windsock secrets set ENV lake" in str(caught.value)
    refuse_missing(env, ())


def test_what_nobody_lets_us_look_at_counts_as_filled(env: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret of another team, which only ECS may read."""

    def denied(_self: FakeSecrets, _name: str) -> Any:
        raise AwsRefusal("no", code="AccessDeniedException")

    monkeypatch.setattr(FakeSecrets, "find", denied)
    session = FakeSession()
    session.parameters.values["/team/stage"] = "test"
    refuse_missing(env, used_secrets(env, session.as_session))


def test_a_secret_of_another_region_counts_as_filled() -> None:
    """Nobody finds it from here, and ECS reads it there."""
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:lake-AbCdEf"
    env = minimal(PYTHON, f'{PYTHON}, secrets: {{LAKE: {{secret: "{arn}"}}}}')
    (lake,) = used_secrets(env, FakeSession().as_session)
    assert lake.filled is None
    refuse_missing(env, (lake,))


def test_a_new_value_is_a_new_version(env: Environment) -> None:
    """A deploy lets the services read it; without secrets there is no version."""
    session = FakeSession()
    seen = {versions_of(used_secrets(env, session.as_session))}
    for value in ("one", "two"):
        set_secret(env, session.as_session, "token", value)
        seen.add(versions_of(used_secrets(env, session.as_session)))
    assert len(seen) == 3
    assert versions_of(used_secrets(minimal(), session.as_session)) == ""


def test_parameters_are_found_by_name_and_by_arn() -> None:
    """Those of another region are not looked for."""
    arns = ["arn:aws:ssm:us-west-2:123456789012:parameter/stage", "arn:aws:ssm:eu-west-1:123456789012:parameter/stage"]
    given = ", ".join(f'{name}: {{parameter: "{each}"}}' for name, each in zip("ABC", ["/a/b", *arns], strict=True))
    session = FakeSession()
    session.parameters.values |= {"/a/b": "1", "stage": "2"}
    listed = list_secrets(minimal(PYTHON, f"{PYTHON}, secrets: {{{given}}}"), session.as_session)
    assert {each.variables: each.filled for each in listed} == {("A",): True, ("B",): True, ("C",): None}


def test_the_list_has_what_the_yaml_does_not_name() -> None:
    """Somebody may have set it for later."""
    env, session = minimal(), FakeSession()
    set_secret(env, session.as_session, "later", "x")
    (later,) = list_secrets(env, session.as_session)
    assert (later.name, later.kind, later.variables, later.filled) == ("demo/later", "secret", (), True)
