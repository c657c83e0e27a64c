"""The web servers of the Airflow releases: their paths, and how users and programs log in to them.

Sources: the configuration reference of each release (airflow.apache.org), and its own source code.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from spec.releases.airflow_options import Config


class Web(NamedTuple):
    """The web server of a release: paths below its URL, and how a program logs in to its REST API.

    Below `auth_prefix` are the pages of a login at an identity provider. `security_manager` is the class that signs
    users up. `machine_login` holds the options that let programs log in with a password beside such a login. With TLS
    in front, `base_url` is the option (section, key) for the address of the site. `https`, `https_arguments` and
    `https_environment` hold further options, arguments and variables. `workers` is the option (section, key) for the
    number of its processes; each answers one request at a time, or with `at_once` many. `internal_paths` are patterns
    of what tasks and developers of Airflow need, and no visitor.
    """

    health_path: str
    api_path: str
    login: Literal["session", "token"]
    plugin_prefix: str
    auth_prefix: str
    security_manager: str
    machine_login: Config
    base_url: tuple[str, str]
    workers: tuple[str, str]
    https: Config
    at_once: bool = False
    https_arguments: str = ""
    https_environment: Mapping[str, str] = MappingProxyType({})
    internal_paths: tuple[str, ...] = ()


_BACKENDS = "airflow.providers.fab.auth_manager.api.auth.backend"
_MANAGER = "airflow.providers.fab.auth_manager.security_manager.override.FabAirflowSecurityManagerOverride"


def _web_two(security_manager: str, backends: str) -> Web:
    return Web(
        health_path="/health",
        api_path="/api/v1",
        login="session",
        plugin_prefix="",
        auth_prefix="",
        security_manager=security_manager,
        machine_login={"api": {"auth_backends": f"{backends}.basic_auth,{backends}.session"}},
        base_url=("webserver", "base_url"),
        workers=("webserver", "workers"),
        https={"webserver": {"cookie_secure": True, "cookie_samesite": "Lax"}},
    )


WEB_2_5 = _web_two("airflow.www.security.AirflowSecurityManager", "airflow.api.auth.backend")
WEB_2 = _web_two(_MANAGER, _BACKENDS)
WEB_3 = Web(
    health_path="/api/v2/monitor/health",
    api_path="/api/v2",
    login="token",
    plugin_prefix="/pluginsv2",
    auth_prefix="/auth",
    security_manager=_MANAGER,
    machine_login={},  # /auth/token takes a password beside every kind of login
    base_url=("api", "base_url"),
    workers=("api", "workers"),
    at_once=True,
    https={"fab": {"cookie_secure": True, "cookie_samesite": "Lax"}},
    https_arguments="--proxy-headers",
    https_environment={"FORWARDED_ALLOW_IPS": "*"},  # only load balancer and tasks reach the port
    # A rule of a load balancer compares a host and four paths.
    internal_paths=("/execution*", "/docs*", "/redoc*", "/openapi.json"),
)
