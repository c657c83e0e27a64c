"""A deploy with single sign-on stops until an OAuth client is stored, so that nobody is locked out."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from compiler.compile import compile_environment
from compiler.contract import redirect_uris
from deployer.access.oauth_client import (
    Client,
    ClientRefusal,
    UnknownSecret,
    client_parameter,
    make_secret,
    refuse_without_client,
    set_client,
)
from spec.environment import Environment
from tests.deployer.fakes.session import FakeSession, Recorder
from tests.spec.minimal import GOOGLE, minimal

EMPTY = json.dumps({"client_id": "", "client_secret": "", "placeholder": "x"})
CLIENT = Client("an-id", "a-secret")


@pytest.fixture
def env() -> Environment:
    """Return an environment with single sign-on."""
    return minimal(more=GOOGLE)


@pytest.mark.parametrize("held", [None, EMPTY, "", "[]", '{"client_id": "x", "client_secret": ""}'])
def test_a_deploy_without_a_complete_client_is_refused(env: Environment, held: str | None) -> None:
    """No secret, an empty one or half of one is refused, with the address to register."""
    session = FakeSession()
    if held is not None:
        session.secrets.values["demo/oauth"] = held
    with pytest.raises(ClientRefusal, match=re.escape("https://airflow.example.com/oauth-authorized/google")):
        refuse_without_client(env, session.as_session)
    assert client_parameter(env, session.as_session) == {"OauthVersion": "none"}


def test_a_stored_client_passes(env: Environment) -> None:
    """It is stored under the name of the secret, and a new one is a new version."""
    session = FakeSession()
    session.secrets.values["demo/oauth"] = EMPTY
    set_client(env, session.as_session, "oauth", CLIENT)
    assert json.loads(session.secrets.values["demo/oauth"]) == {"client_id": "an-id", "client_secret": "a-secret"}
    refuse_without_client(env, session.as_session)
    first = client_parameter(env, session.as_session)
    set_client(env, session.as_session, "oauth", Client("an-id", "another"))
    assert client_parameter(env, session.as_session) != first


def test_a_missing_secret_is_not_filled(env: Environment) -> None:
    """Another name, or an environment without a deploy, is refused; the client is in no message."""
    session = FakeSession()
    for name in ("oauth", "database"):
        with pytest.raises(UnknownSecret) as caught:
            set_client(env, session.as_session, name, CLIENT)
        assert "a-secret" not in str(caught.value)
    with pytest.raises(UnknownSecret, match="no secret"):
        set_client(minimal(), session.as_session, "oauth", CLIENT)


def test_an_environment_with_passwords_needs_no_client() -> None:
    """The deployer reads no secret for it."""
    session: Any = FakeSession().as_session
    refuse_without_client(minimal(), session)
    assert (client_parameter(minimal(), session), redirect_uris(minimal())) == ({}, ())


def test_the_empty_secret_changes_nothing_else_of_a_running_environment(env: Environment) -> None:
    """Only the template of the secrets changes; every other parameter of the root stays as it was."""
    session, progress = FakeSession(), Recorder()
    parameters = {"SecretsTemplate": "old.yaml", "WebserverCount": "1"}
    stack = session.cloudformation.put("demo", "UPDATE_COMPLETE", template="Resources: {}\n", parameters=parameters)
    published = {"SecretsTemplate": "new.yaml", "ServicesTemplate": "new-too.yaml"}
    make_secret(env, session.as_session, stack, published, progress)
    (order,) = session.cloudformation.orders.values()
    assert order.parameters == {"SecretsTemplate": "new.yaml", "WebserverCount": "1"}


def test_an_existing_secret_needs_no_change_set(env: Environment) -> None:
    """Nothing is written."""
    session = FakeSession()
    session.secrets.values["demo/oauth"] = EMPTY
    stack = session.cloudformation.put("demo", "UPDATE_COMPLETE")
    make_secret(env, session.as_session, stack, {}, Recorder())
    assert not session.cloudformation.orders


def test_the_secret_is_in_no_template(env: Environment, tmp_path: Path) -> None:
    """The templates name it and hold a placeholder."""
    assert tmp_path.is_dir()
    text = compile_environment(env).files["secrets.yaml"]
    assert "demo/oauth" in text
    assert "placeholder" in text
