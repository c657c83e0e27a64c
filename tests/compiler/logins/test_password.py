"""Promises of the login with a password: it adds nothing."""

from troposphere import Template

from compiler.logins.roster import login_of
from compiler.model.stack import StackBuilder
from tests.spec.minimal import minimal


def test_a_login_with_a_password_needs_nothing_of_aws() -> None:
    """No secret, no option, no variable, and nothing at the load balancer."""
    login, stack = login_of(minimal()), StackBuilder(name="secrets", template=Template())
    login.add_secrets(stack)
    settings = login.settings(stack)
    assert (settings.variables, settings.secrets, login.version(stack)) == ({}, {}, {})
    assert (login.secrets, login.options, login.alb_auth(stack)) == ((), {}, None)
    assert not stack.template.resources
    assert not stack.inputs
