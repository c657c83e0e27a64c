"""The kinds of login by their words in the YAML."""

from collections.abc import Mapping
from types import MappingProxyType

from acceptance.logins.identity_provider import IdentityProviderKind
from acceptance.logins.kind import LoginKind
from acceptance.logins.password import PasswordKind

LOGINS: Mapping[str, LoginKind] = MappingProxyType(
    {
        "password": PasswordKind(),
        "google": IdentityProviderKind(),
        "oidc": IdentityProviderKind(),
    }
)
