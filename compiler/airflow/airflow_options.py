"""Options of `airflow.cfg` as variables; each layer overrides the one before, the user's is the last."""

import json
from collections.abc import Iterator

from pydantic import JsonValue

from compiler.airflow.dag_needs import backend_options
from compiler.airflow.site import site_options
from spec.environment import Environment
from spec.releases.airflow_options import Config


def airflow_options(env: Environment) -> dict[str, str]:
    """Return what release and user set, wherever it runs."""
    return _variables(env.airflow.release.config, env.airflow.config)


def all_options(env: Environment) -> dict[str, str]:
    """Return what is set in AWS: by release, executor, logs, address, secrets backend and user."""
    return _variables(*_layers(env))


def _layers(env: Environment) -> Iterator[Config]:
    release = env.airflow.release
    yield release.config
    yield env.executor.config(release)
    yield env.delivery.config(release, env.code.commit_url)
    if env.remote_logs == "cloudwatch":
        yield release.cloudwatch
    yield site_options(env)
    yield backend_options(env)
    yield env.airflow.config


def _variables(*layers: Config) -> dict[str, str]:
    options = {
        f"AIRFLOW__{section}__{key}".upper(): _text(value)
        for config in layers
        for section, keys in config.items()
        for key, value in keys.items()
    }
    return dict(sorted(options.items()))


def _text(value: JsonValue) -> str:
    return str(value) if isinstance(value, str | bool | int | float) else json.dumps(value)
