"""The kinds of login, by `auth.kind`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from compiler.logins.identity_provider import IdentityProviderLogin
from compiler.logins.kind import LoginKind
from compiler.logins.password import PasswordLogin
from spec.environment import Environment

LOGINS: Mapping[str, Callable[[Environment, Any], LoginKind]] = MappingProxyType(
    {"password": PasswordLogin, "google": IdentityProviderLogin, "oidc": IdentityProviderLogin}
)


def login_of(env: Environment) -> LoginKind:
    """Return the login of an environment."""
    return LOGINS[env.auth.kind](env, env.auth)
