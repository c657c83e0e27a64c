"""Values of the official Helm chart: Airflow's release, options, and the sizes of its processes."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cli.starting.project_files import mapping_of
from cli.starting.understood import LeftOut, Size, Understood
from spec.aws_facts.fargate_sizes import MEMORY_BY_CPU

title = "values of the Helm chart"

_PROCESSES: Mapping[str, str] = MappingProxyType(
    {
        "webserver": "webserver",
        "apiServer": "webserver",
        "scheduler": "scheduler",
        "dagProcessor": "dag_processor",
        "triggerer": "triggerer",
    }
)
_KNOWN = ("airflowVersion", "defaultAirflowTag", "executor", "images", "config", *_PROCESSES)
_REASONS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("env", "secret", "extraEnv", "extraEnvFrom", "extraSecrets"),
            "name variables in airflow.env_vars, and secrets in airflow.secrets",
        ),
        **dict.fromkeys(
            ("postgresql", "redis", "pgbouncer", "data"), "Windsock has a database of its own and no broker"
        ),
        **dict.fromkeys(("ingress", "service"), "the load balancer of the YAML's `web:` stands in its place"),
        "dags": "Windsock uploads the folder airflow.home; it clones no git repository",
        "workers": "Windsock's workers are Fargate tasks: airflow.executor: ecs and `workers:`",
        "webserverConfig": "put it into webserver_config.py of airflow.home",
    }
)
_UNITS = {"Ki": 1 / 1024, "Mi": 1, "Gi": 1024, "M": 1e6 / 2**20, "G": 1e9 / 2**20}
_CPU_UNITS = 1024


def recognises(path: Path) -> bool:
    """Whether it is a YAML file with keys of the chart."""
    if path.suffix not in {".yaml", ".yml"} or not path.is_file():
        return False
    keys = mapping_of(path).keys()
    return "services" not in keys and "aws" not in keys and bool({*_KNOWN, *_REASONS} & keys)


def read(path: Path) -> Understood:
    """Read its keys."""
    values = mapping_of(path)
    return Understood(
        title=title,
        version=_version(values),
        home=path.parent if (path.parent / "dags").is_dir() else None,
        executor=str(values.get("executor", "")),
        options=_options(values.get("config")),
        sizes=dict(_sizes(values)),
        left_out=tuple(_left_out(values)),
    )


def _version(values: Mapping[str, Any]) -> str:
    image = _inner(_inner(values, "images"), "airflow")
    texts = (values.get("airflowVersion"), image.get("tag"), values.get("defaultAirflowTag"))
    found = (re.match(r"[0-9]+\.[0-9]+\.[0-9]+", str(text)) for text in texts if text)
    return next((match[0] for match in found if match), "")


def _options(config: object) -> dict[tuple[str, str], str]:
    if not isinstance(config, dict):
        return {}
    return {
        (str(section), str(key)): str(value)
        for section, keys in config.items()
        if isinstance(keys, dict)
        for key, value in keys.items()
    }


def _sizes(values: Mapping[str, Any]) -> Iterator[tuple[str, Size]]:
    for key, process in _PROCESSES.items():
        resources = _inner(_inner(values, key), "resources")
        wanted = {**_inner(resources, "requests"), **_inner(resources, "limits")}
        cpu, memory = _cpu(str(wanted.get("cpu", ""))), _mebibytes(str(wanted.get("memory", "")))
        if cpu and memory and (size := _fargate(cpu, memory)):
            yield process, size


def _fargate(cpu: float, memory: float) -> Size | None:
    """Return the smallest size of Fargate that has both."""
    pairs = ((units, mib) for units, sizes in sorted(MEMORY_BY_CPU.items()) for mib in sizes)
    return next(((units, mib) for units, mib in pairs if units >= cpu and mib >= memory), None)


def _cpu(text: str) -> float:
    match = re.fullmatch(r"([0-9.]+)(m?)", text)
    return float(match[1]) * _CPU_UNITS / (1000 if match[2] else 1) if match else 0


def _mebibytes(text: str) -> float:
    match = re.fullmatch(r"([0-9.]+)([A-Za-z]+)", text)
    return float(match[1]) * _UNITS.get(match[2], 0) if match else 0


def _left_out(values: Mapping[str, Any]) -> Iterator[LeftOut]:
    for key in values:
        if key not in _KNOWN:
            yield LeftOut(key, _REASONS.get(key, "a matter of Kubernetes, or without a key in the YAML"))


def _inner(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = values.get(key)
    return found if isinstance(found, dict) else {}
