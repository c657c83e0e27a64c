"""Keeps of a task's `executor_config` what belongs to its own worker: sizes and variables.

A DAG author decides what a worker runs, but not with whose rights: another role, another network or another task
definition is for the environment YAML to give.
"""

from __future__ import annotations

from typing import Any

CONTAINERS = "containerOverrides"
SIZES = frozenset({"cpu", "memory", "ephemeralStorage"})
CONTAINER = frozenset({"cpu", "memory", "memoryReservation", "environment"})
"""What a container override may say. Files of variables are left out: the execution role would read them from S3."""


def kept(config: Any, container: str) -> tuple[dict[str, Any], list[str]]:
    """Return what is kept of an executor_config, and the paths of what is not.

    Args:
        config: that of a task: what RunTask takes, or on Airflow 2.5 what a container override takes.
        container: name of the container in which Airflow runs.
    """
    if not isinstance(config, dict):
        return {}, ["executor_config"] if config else []
    own, dropped = _only(CONTAINER | {"overrides"}, config, "")
    if "overrides" in own:
        own["overrides"], more = _task_overrides(own["overrides"], container)
        dropped += more
    return own, dropped


def _task_overrides(asked: dict[str, Any], container: str) -> tuple[dict[str, Any], list[str]]:
    overrides, dropped = _only(SIZES | {CONTAINERS}, asked, "overrides.")
    for one in overrides.pop(CONTAINERS, ()):
        if one.get("name") != container:
            dropped.append(f"overrides.{CONTAINERS} of {one.get('name')}")
            continue
        said, unsaid = _only(CONTAINER | {"name"}, one, f"overrides.{CONTAINERS}.")
        overrides.setdefault(CONTAINERS, []).append(said)
        dropped += unsaid
    return overrides, dropped


def _only(names: frozenset[str], asked: dict[str, Any], prefix: str) -> tuple[dict[str, Any], list[str]]:
    allowed = {name: value for name, value in asked.items() if name in names}
    return allowed, [f"{prefix}{name}" for name in asked if name not in names]
