"""What a domain, and a login elsewhere, mean for the containers that serve the site."""

import json
from typing import TYPE_CHECKING

from compiler.contract import site_url
from spec.environment import Environment
from spec.releases.airflow_options import Config
from spec.sections.auth import Password

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

PREFIX = "WINDSOCK_AUTH_"


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
