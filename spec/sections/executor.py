"""The key `airflow.executor`: where Airflow tasks run, by its word in the YAML."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from spec.sections.executors.ecs import Ecs
from spec.sections.executors.kind import ExecutorKind
from spec.sections.executors.local import Local

Executor = Literal["local", "ecs"]

EXECUTORS: Mapping[Executor, ExecutorKind] = MappingProxyType({"local": Local(), "ecs": Ecs()})
"""The executors by their words in the YAML."""
