"""Promises of the login at an identity provider: settings as variables, the client as a secret."""

import json
from typing import Any

from troposphere import Template

from compiler.contract import client_secret_name
from compiler.logins.roster import login_of
from compiler.model.stack import StackBuilder
from spec.environment import Environment
from tests.compiler.airflow.test_site import google


def _variables(env: Environment) -> dict[str, Any]:
    return dict(login_of(env).settings(StackBuilder(name="services", template=Template())).variables)


def test_the_settings_of_the_login_are_variables() -> None:
    """Everything but the client, which is a secret."""
    told = _variables(google(", roles: {claim: groups, map: {ops: Op}}"))
    assert told["WINDSOCK_AUTH_ALLOWED_DOMAINS"] == "example.com,example.org"
    assert told["WINDSOCK_AUTH_ADMINS"] == "me@example.com"
    assert json.loads(told["WINDSOCK_AUTH_ROLES_MAP"]) == {"ops": "Op"}
    assert told["WINDSOCK_AUTH_ROLES_SYNC"] == "True"
    assert told["WINDSOCK_AUTH_MACHINE"] == "machine"
    assert not [key for key in told if "CLIENT" in key]
    assert client_secret_name(google()) == "demo/oauth"
