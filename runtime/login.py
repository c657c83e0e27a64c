"""Settings of Flask-AppBuilder that make people log in as `auth:` in the environment YAML says.

They arrive as WINDSOCK_AUTH_* variables. Without these the user's own settings decide: by default people log in with
a password that the metadata database keeps.
"""

from __future__ import annotations

import importlib
import json
import os
import re
from typing import Any

from flask import flash
from flask_appbuilder.const import AUTH_OAUTH

PREFIX = "WINDSOCK_AUTH_"


def _setting(name: str, default: str = "") -> str:
    return os.environ.get(PREFIX + name, default)


def _listed(name: str) -> tuple[str, ...]:
    return tuple(word for word in _setting(name).lower().split(",") if word)


KIND = _setting("KIND")
ISSUER = _setting("ISSUER")
DOMAINS = _listed("ALLOWED_DOMAINS")
ADMINS = _listed("ADMINS")
CLAIM = _setting("ROLES_CLAIM")
MACHINE = _setting("MACHINE")
SCOPES = "openid email profile"
ADMIN = "Admin"


def login_settings() -> dict[str, Any]:
    """Return what makes people log in at the identity provider; nothing where passwords are enough."""
    return _elsewhere() if KIND else {}


class RefusedError(Exception):
    """This person may not come in."""


def _groups(claims: dict[str, Any]) -> list[str]:
    """Return what the claim for roles holds: a list, or one word."""
    found = claims.get(CLAIM, []) if CLAIM else []
    return [str(group) for group in found] if isinstance(found, list) else [str(found)]


def _checked(claims: dict[str, Any], client_id: str) -> str:
    """Return the e-mail address of a person who may come in; raise RefusedError for everybody else."""
    audience = claims.get("aud")
    if claims.get("iss") != ISSUER or client_id not in (audience if isinstance(audience, list) else [audience]):
        raise RefusedError("The identity provider's answer was meant for somebody else.")
    email = str(claims.get("email", "")).lower()
    name, _, domain = email.rpartition("@")
    if not name or domain not in DOMAINS:
        raise RefusedError(f"{email or 'An account without an address'} is not of {' or '.join(DOMAINS)}.")
    # Google always says whether it has verified an address; other providers may leave it out, but not say no.
    if str(claims.get("email_verified", KIND != "google")).lower() != "true":
        raise RefusedError(f"The identity provider has not verified that {email} is yours.")
    return email


def _person(claims: dict[str, Any], email: str) -> dict[str, Any]:
    return {
        "username": f"{KIND}_{claims['sub']}",
        "email": email,
        "first_name": str(claims.get("given_name") or claims.get("name") or email.partition("@")[0])[:64],
        "last_name": str(claims.get("family_name") or "-")[:64],  # Airflow's own form wants one
        "role": ADMIN if email in ADMINS else _setting("DEFAULT_ROLE"),
        "role_keys": _groups(claims),
    }


def _security_manager() -> type:
    module, _, name = _setting("SECURITY_MANAGER").rpartition(".")
    ours: Any = getattr(importlib.import_module(module), name)

    class LoginElsewhere(ours):
        """Signs people up who come from the identity provider."""

        def get_oauth_user_info(self, provider: str, resp: dict[str, Any] | None = None) -> dict[str, Any]:
            """Return what Flask-AppBuilder wants to know of a person; raise for one who may not come in."""
            claims = dict((resp or {}).get("userinfo") or {})  # the ID token's: signature, time and nonce are checked
            remote = self.oauth_remotes[provider]
            try:
                email = _checked(claims, remote.client_id)
            except RefusedError as refused:
                flash(f"{refused} Ask whoever runs this site.", "warning")
                raise
            if CLAIM and CLAIM not in claims:
                more = remote.userinfo(token=resp)
                claims |= {CLAIM: more[CLAIM]} if more.get("sub") == claims["sub"] and CLAIM in more else {}
            return _person(claims, email)

        def auth_user_db(self, username: str, password: str, *arguments: Any, **more: Any) -> Any:
            """Let programs in by the password of their own user; any other is one from before, and opens nothing."""
            return super().auth_user_db(username, password, *arguments, **more) if username == MACHINE else None

        def auth_user_oauth(self, userinfo: dict[str, Any], *arguments: Any, **more: Any) -> Any:
            """Let a person in, with the account they already have here if there is one."""
            known = self.find_user(username=userinfo["username"]) or self.find_user(email=userinfo["email"])
            if known and not known.is_active:
                flash(f"The account of {userinfo['email']} is deactivated. Ask whoever runs this site.", "warning")
                return None
            name = known.username if known else userinfo["username"]
            user = super().auth_user_oauth({**userinfo, "username": name}, *arguments, **more)
            admin = self.find_role(ADMIN)
            if user and userinfo["role"] == ADMIN and admin not in user.roles:
                user.roles = [*user.roles, admin]
                self.update_user(user)
            return user

    return LoginElsewhere


def _elsewhere() -> dict[str, Any]:
    client = {
        "client_id": _setting("CLIENT_ID"),
        "client_secret": _setting("CLIENT_SECRET"),
        "server_metadata_url": f"{ISSUER.rstrip('/')}/.well-known/openid-configuration",
        "client_kwargs": {"scope": SCOPES, "code_challenge_method": "S256"},
    }
    provider = {
        "name": KIND,
        "icon": "fa-google" if KIND == "google" else "fa-openid",
        "token_key": "access_token",
        "whitelist": [rf"(?i)^[^@\s]+@{re.escape(domain)}\Z" for domain in DOMAINS],
        "remote_app": client,
    }
    return {
        "AUTH_TYPE": AUTH_OAUTH,
        "OAUTH_PROVIDERS": [provider],
        "SECURITY_MANAGER_CLASS": _security_manager(),
        "AUTH_USER_REGISTRATION": True,
        "AUTH_USER_REGISTRATION_ROLE": _setting("DEFAULT_ROLE"),
        "AUTH_USER_REGISTRATION_ROLE_JMESPATH": "role",
        "AUTH_ROLES_MAPPING": {group: [role] for group, role in json.loads(_setting("ROLES_MAP", "{}")).items()},
        "AUTH_ROLES_SYNC_AT_LOGIN": _setting("ROLES_SYNC") == "True",
    }
