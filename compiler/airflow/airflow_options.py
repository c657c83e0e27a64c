"""Options of `airflow.cfg` as variables; each layer overrides the one before, the user's is the last."""

import json
from collections.abc import Iterator

from pydantic import JsonValue

from compiler.airflow.dag_needs import backend_options
from compiler.airflow.site import site_options
from compiler.contract import SCHEDULER, SECONDS_TO_END_TASKS
from spec.environment import Environment
from spec.releases.airflow_options import Config

_HEARTBEATS = 30
"""Seconds without one after which Airflow takes a scheduler for dead, unless it waits for tasks."""


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
    yield _of_schedulers(env)
    yield env.delivery.config(release, env.code.commit_url)
    if env.remote_logs == "cloudwatch":
        yield release.cloudwatch
    yield site_options(env)
    yield backend_options(env)
    yield env.airflow.config


def _of_schedulers(env: Environment) -> Config:
    """Return what lets several schedulers take over tasks of one that is gone, and none of one that is ending.

    A scheduler that ends gives no heartbeat while it waits. Airflow fails a task that nobody runs after five minutes,
    so another scheduler has to see it before that.
    https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html#scheduler-health-check-threshold
    """
    if all(env.count(process) == 1 for process in env.processes if process.name == SCHEDULER):
        return {}
    waits = {
        "scheduler_health_check_threshold": SECONDS_TO_END_TASKS + _HEARTBEATS,
        "orphaned_tasks_check_interval": 60,
    }
    return {"scheduler": waits}


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
