"""Reads the user's own webserver_config.py and lays the login of the environment YAML over it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

from flask.sessions import SecureCookieSessionInterface
from flask_appbuilder.const import AUTH_DB

from .login import login_settings

FILE_VARIABLE = "WINDSOCK_WEBSERVER_CONFIG"
"""Names the user's file where it is not beside the modules of `config/`."""

AIRFLOW_DEFAULTS: dict[str, Any] = {"AUTH_TYPE": AUTH_DB, "WTF_CSRF_ENABLED": True, "WTF_CSRF_TIME_LIMIT": None}
"""What Airflow's own webserver_config.py says, which it writes where there is none."""


def web_settings() -> dict[str, Any]:
    """Return every setting: Airflow's defaults, then those of the user's file, then how people log in."""
    _share_cookies()
    return {**AIRFLOW_DEFAULTS, **_own(_file()), **login_settings()}


def _share_cookies() -> None:
    """Let pages of plugins read the cookie of a login: some FAB providers of Airflow 3.1 write another format there."""
    with suppress(ImportError):  # Airflow 2 has one application for both
        from airflow.providers.fab.www.session import AirflowSecureCookieSessionInterface  # noqa: PLC0415  # see above

        flask = SecureCookieSessionInterface.serializer
        AirflowSecureCookieSessionInterface.serializer = property(lambda _: flask, lambda *_: None)


def _file() -> Path:
    return Path(os.environ.get(FILE_VARIABLE) or Path(os.environ["AIRFLOW_HOME"], "config", "webserver_config.py"))


def _own(file: Path) -> dict[str, Any]:
    """Run the user's file as Flask does and return its settings: the names in capitals."""
    if not file.is_file():
        return {}
    module = ModuleType("config")
    module.__file__ = str(file)
    exec(compile(file.read_bytes(), file, "exec"), vars(module))  # noqa: S102  # it is a file of Python settings
    return {name: value for name, value in vars(module).items() if name.isupper()}
