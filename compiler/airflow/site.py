"""What a domain, and a login elsewhere, mean for the containers that serve the site."""

import json
from typing import TYPE_CHECKING

from spec.environment import Environment
from spec.releases.airflow_options import Config
from spec.sections.auth import Password

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

PREFIX = "WINDSOCK_AUTH_"
CLIENT_KEYS = ("client_id", "client_secret")
"""What the secret with the OAuth client holds, and what ECS takes from it into the environment."""

PLACEHOLDER = "placeholder"
"""A key of that secret as long as nobody has filled it."""


def site_url(env: Environment) -> str | None:
    """Return the address of a site that has a domain."""
    return f"https://{env.web.domain}" if env.web.domain else None


def redirect_uri(env: Environment) -> str:
    """Return the address to which the identity provider sends people back; it is to be registered there."""
    return f"{site_url(env)}{env.airflow.release.web.auth_prefix}/oauth-authorized/{env.auth.kind}"


def gate_redirect_uri(env: Environment) -> str:
    """Return the address to which the identity provider sends people back to the load balancer."""
    return f"{site_url(env)}/oauth2/idpresponse"


def gate_address(env: Environment) -> str:
    """Return the address to which the load balancer sends whoever has not logged in; empty without a gate there."""
    if isinstance(env.auth, Password) or env.auth.endpoints is None or not env.web.load_balancer_auth:
        return ""
    return env.auth.endpoints.authorization


def client_secret_name(env: Environment) -> str | None:
    """Return the name of the secret that holds the OAuth client, if people log in elsewhere."""
    return None if isinstance(env.auth, Password) else f"{env.name}/{env.auth.client}"


def site_options(env: Environment) -> Config:
    """Return the options of airflow.cfg that follow from domain and login."""
    web = env.airflow.release.web
    options: dict[str, Mapping[str, JsonValue]] = {}
    if env.web.domain:
        section, key = web.base_url
        options = {section: {key: site_url(env)}}
        options |= {name: {**options.get(name, {}), **keys} for name, keys in web.https.items()}
    return options if isinstance(env.auth, Password) else {**options, **web.machine_login}


def login_variables(env: Environment) -> dict[str, str]:
    """Return what `airflow_home/config/windsock_login.py` reads: how people log in, but for the client."""
    auth = env.auth
    if isinstance(auth, Password):
        return {}
    settings = {
        "KIND": auth.kind,
        "ISSUER": auth.issuer,
        "ALLOWED_DOMAINS": ",".join(auth.allowed_domains),
        "DEFAULT_ROLE": auth.default_role,
        "ADMINS": ",".join(auth.admins),
        "MACHINE": auth.machine.username,
        "SECURITY_MANAGER": env.airflow.release.web.security_manager,
    }
    if auth.roles:
        settings |= {
            "ROLES_CLAIM": auth.roles.claim,
            "ROLES_MAP": json.dumps(auth.roles.map),
            "ROLES_SYNC": str(auth.roles.sync),
        }
    return {f"{PREFIX}{key}": value for key, value in settings.items()}
