"""A rehearsal with single sign-on stores an OAuth client before it deploys."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest

from acceptance.logins.identity_provider import IdentityProviderLogin
from acceptance.steps import StepRefusal, Steps
from deployer.access.oauth_client import ClientRefusal
from spec.environment import Environment
from tests.deployer.fakes.session import FakeSession
from tests.spec.minimal import GOOGLE, minimal

if TYPE_CHECKING:
    from rehearsal.clients.airflow_client import AirflowClient
    from rehearsal.clients.oidc_provider import Provider

NOBODY = cast("AirflowClient", None)
URI = "https://airflow.example.com/oauth-authorized/google"


@dataclass
class Registry:
    """The part of an identity provider that registers clients."""

    uris: tuple[str, ...] = ()

    def register(self, *uris: str) -> tuple[str, str]:
        """Mirror the provider."""
        self.uris = uris
        return "an-id", "a-secret"


@pytest.fixture
def env() -> Environment:
    """Return an environment with Google logins."""
    return minimal(more=GOOGLE)


def _login(env: Environment, registry: Registry) -> IdentityProviderLogin:
    return IdentityProviderLogin(env, cast("Provider", registry))


def test_a_refused_deploy_leads_to_a_stored_client(env: Environment) -> None:
    """The client is registered for exactly the address in the refusal."""
    session, registry, steps = FakeSession(), Registry(), Steps(say=lambda _: None, clock=lambda: 0.0)
    session.secrets.values["demo/oauth"] = ""

    def deploy() -> None:
        raise ClientRefusal(env)

    _login(env, registry).prepare(session.as_session, deploy, steps)
    assert registry.uris == (URI,)
    assert json.loads(session.secrets.values["demo/oauth"]) == {"client_id": "an-id", "client_secret": "a-secret"}
    assert [(step.name, step.saw) for step in steps.done] == [("client", f"refused; registered {URI}")]


def test_a_deploy_that_needs_no_client_fails_the_rehearsal(env: Environment) -> None:
    """Services would run, and nobody could log in."""
    login = _login(env, Registry())
    with pytest.raises(StepRefusal, match="nobody could log in to"):
        login.prepare(FakeSession().as_session, lambda: None, Steps(say=lambda _: None))


def test_without_login_at_the_load_balancer_there_is_no_step_for_it(env: Environment) -> None:
    """Then there is no step for it."""
    steps = Steps(say=lambda _: None)
    assert _login(env, Registry()).pass_load_balancer(steps, tuple) == {}
    assert steps.done == []


def test_pages_of_plugins_are_seen_where_the_yaml_names_an_admin(env: Environment) -> None:
    """Newcomers are Viewers by default."""
    assert not _login(env, Registry()).shows_plugins(NOBODY)
    admins = minimal(more=GOOGLE.replace("]}", "], admins: [me@example.com]}"))
    assert _login(admins, Registry()).shows_plugins(NOBODY)
