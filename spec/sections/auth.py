"""The `auth` section: who may log in, by `kind`."""

from typing import Annotated

from pydantic import Tag

from spec.section import by_kind
from spec.sections.logins.google import Google
from spec.sections.logins.oidc import Oidc
from spec.sections.logins.password import Password
from spec.sections.logins.users import Admin, Machine

__all__ = ["Admin", "Auth", "Google", "Machine", "Oidc", "Password", "SignUp"]

SignUp = Google | Oidc

Auth = Annotated[
    Annotated[Password, Tag("password")] | Annotated[Google, Tag("google")] | Annotated[Oidc, Tag("oidc")],
    by_kind("password"),
]
"""Who may log in, by `kind`."""
