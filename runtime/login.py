"""Settings of Flask-AppBuilder that make people log in as `auth:` in the environment YAML says.

They arrive as WINDSOCK_AUTH_* variables. Without these the user's own settings decide: by default people log in with
a password that the metadata database keeps.
"""

from __future__ import annotations

import importlib
import json
import re
from typing import Any

from flask import flash
from flask_appbuilder.const import AUTH_OAUTH
from windsock_runtime.identity import ADMIN, GOOGLE, Claims, RefusedError, listed, may_link, person, setting

SCOPES = "openid email profile"
ASK = "Ask whoever runs this site."


def login_settings() -> dict[str, Any]:
    """Return what makes people log in at the identity provider; nothing where passwords are enough."""
    return _elsewhere() if setting("KIND") else {}


def _security_manager() -> type:
    module, _, name = setting("SECURITY_MANAGER").rpartition(".")
    ours: Any = getattr(importlib.import_module(module), name)

    class LoginElsewhere(ours):
        """Signs people up who come from the identity provider."""

        def get_oauth_user_info(self, provider: str, resp: dict[str, Any] | None = None) -> dict[str, Any]:
            """Return what Flask-AppBuilder wants to know of a person; raise for one who may not come in."""
            token = dict((resp or {}).get("userinfo") or {})  # the ID token's: signature, time and nonce are checked
            remote = self.oauth_remotes[provider]
            try:
                claims = Claims.of(token, remote.client_id, lambda: _user_info(remote, resp))
                known: dict[str, Any] = person(claims)
            except RefusedError as refused:
                flash(f"{refused} {ASK}", "warning")
                raise
            return known

        def auth_user_db(self, username: str, password: str, *arguments: Any, **more: Any) -> Any:
            """Let programs in by the password of their own user; any other is one from before, and opens nothing."""
            is_program = username == setting("MACHINE")
            return super().auth_user_db(username, password, *arguments, **more) if is_program else None

        def auth_user_oauth(self, userinfo: dict[str, Any], *arguments: Any, **more: Any) -> Any:
            """Let a person in, with the account that belongs to their subject."""
            try:
                _claim_account(self, userinfo)
            except RefusedError as refused:
                flash(f"{refused} {ASK}", "warning")
                return None
            user = super().auth_user_oauth(userinfo, *arguments, **more)
            admin = self.find_role(ADMIN)
            if user and userinfo["role"] == ADMIN and admin not in user.roles:
                user.roles = [*user.roles, admin]
                self.update_user(user)
            return user

    return LoginElsewhere


def _claim_account(accounts: Any, userinfo: dict[str, Any]) -> None:
    """Give a subject the account of its address if that is nobody's; raise RefusedError for one who may not come in."""
    name, email = userinfo["username"], userinfo["email"]
    own, holder = accounts.find_user(username=name), accounts.find_user(email=email)
    known = own or holder
    if known is not None and not known.is_active:
        raise RefusedError(f"The account of {email} is deactivated.")
    if own is None and holder is not None:
        if not may_link(holder.username, name):
            raise RefusedError(
                f"The account with the address {email} belongs to somebody else at the identity provider. "
                "An administrator can delete it, or change its address."
            )
        holder.username = name
        accounts.update_user(holder)


def _user_info(remote: Any, token: dict[str, Any] | None) -> dict[str, Any]:
    """Return what the UserInfo endpoint says; nothing where the provider has none."""
    has_one = "userinfo_endpoint" in remote.load_server_metadata()
    return dict(remote.userinfo(token=token)) if has_one else {}


def _elsewhere() -> dict[str, Any]:
    kind, issuer, domains = setting("KIND"), setting("ISSUER"), listed("ALLOWED_DOMAINS")
    client = {
        "client_id": setting("CLIENT_ID"),
        "client_secret": setting("CLIENT_SECRET"),
        "server_metadata_url": f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        "client_kwargs": {"scope": SCOPES, "code_challenge_method": "S256"},
    }
    provider = {
        "name": kind,
        "icon": "fa-google" if kind == GOOGLE else "fa-openid",
        "token_key": "access_token",
        "whitelist": [rf"(?i)^[^@\s]+@{re.escape(domain)}\Z" for domain in domains],
        "remote_app": client,
    }
    return {
        "AUTH_TYPE": AUTH_OAUTH,
        "OAUTH_PROVIDERS": [provider],
        "SECURITY_MANAGER_CLASS": _security_manager(),
        "AUTH_USER_REGISTRATION": True,
        "AUTH_USER_REGISTRATION_ROLE": setting("DEFAULT_ROLE"),
        "AUTH_USER_REGISTRATION_ROLE_JMESPATH": "role",
        "AUTH_ROLES_MAPPING": {group: [role] for group, role in json.loads(setting("ROLES_MAP", "{}")).items()},
        "AUTH_ROLES_SYNC_AT_LOGIN": setting("ROLES_SYNC") == "True",
    }
