"""The options of airflow.cfg that follow from domain and login."""

from typing import TYPE_CHECKING

from compiler.contract import site_url
from compiler.logins.roster import login_of
from spec.environment import Environment
from spec.releases.airflow_options import Config

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue


def site_options(env: Environment) -> Config:
    """Return the options of airflow.cfg that follow from domain and login."""
    web = env.airflow.release.web
    options: dict[str, Mapping[str, JsonValue]] = {}
    if env.web.domain:
        section, key = web.base_url
        options = {section: {key: f"{site_url(env)}{env.airflow.base_path}"}}
        options |= {name: {**options.get(name, {}), **keys} for name, keys in web.https.items()}
    return {**options, **login_of(env).options}
