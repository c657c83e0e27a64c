"""Options of Airflow in the terms of `airflow.cfg`: section, key, value."""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import JsonValue

Config = Mapping[str, Mapping[str, JsonValue]]


def merge(*layers: Config) -> Config:
    """Return the options of all layers; a later layer overrides an earlier one."""
    merged: dict[str, dict[str, JsonValue]] = {}
    for layer in layers:
        for section, keys in layer.items():
            merged.setdefault(section, {}).update(keys)
    return MappingProxyType({section: MappingProxyType(keys) for section, keys in merged.items()})
