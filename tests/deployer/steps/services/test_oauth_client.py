"""Nothing is switched on before somebody has stored the OAuth client."""

import pytest

from deployer.access.oauth_client import ClientRefusal
from deployer.steps.services.oauth_client import MakeClientSecret, RequireClient
from deployer.steps.step import Need
from tests.deployer.fakes.environment import template_set
from tests.deployer.fakes.running import Running
from tests.spec.minimal import GOOGLE, minimal


def test_a_deploy_without_a_client_ends() -> None:
    """The step looks again: by now somebody may have stored it."""
    running = Running(env=minimal(more=GOOGLE))
    step = RequireClient(need=Need.YES, reason="nobody could log in")
    with pytest.raises(ClientRefusal):
        step.execute(running.context, running.facts())
    running.world.session.secrets.values["demo/oauth"] = '{"client_id": "x", "client_secret": "y"}'
    assert step.execute(running.context, running.facts()) == running.facts()


def test_a_client_that_was_seen_is_not_looked_for_again() -> None:
    """The plan has seen it."""
    running = Running(env=minimal(more=GOOGLE))
    RequireClient(need=Need.NO, reason="its OAuth client is stored").execute(running.context, running.facts())
    assert running.world.session.secrets.reads == []


def test_a_secret_that_is_there_by_now_is_left_alone() -> None:
    """No change set for it."""
    running = Running(env=minimal(more=GOOGLE))
    running.world.session.secrets.values["demo/oauth"] = ""
    MakeClientSecret(reason="an identity provider needs an OAuth client", templates=template_set()).execute(
        running.context, running.facts()
    )
    assert running.world.session.cloudformation.orders == {}
