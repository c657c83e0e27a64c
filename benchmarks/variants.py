"""Variants of one environment: on RDS or in containers, with and without a load balancer; and how to rehearse one."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import yaml

from spec.environment import Environment
from spec.reading.load import parse
from spec.reading.positioned_yaml import read as read_text

EXAMPLES = Path(__file__).parents[1] / "examples"
POSTGRES = EXAMPLES / "branch-postgres.yaml"
MYSQL = EXAMPLES / "branch-mysql.yaml"
HOME = EXAMPLES / "shared-network"
NETWORK = "network.yaml"
BESIDE = ("airflow_home", "docker", NETWORK)
"""What lies beside a YAML, as beside that example: DAGs, image, and the network that `network.file` may name."""
OFFICE = ["203.0.113.0/24"]

LOAD_BALANCERS = (("with a", True), ("without a", False))
"""With and without a load balancer."""

Document = dict[str, Any]
RDS: Mapping[str, Any] = MappingProxyType({"kind": "rds", "instance": "db.t4g.micro"})


@dataclass(frozen=True)
class Variant:
    """One variant of an environment, with its YAML as plain values and whether its database is an RDS instance."""

    title: str
    document: Document
    on_rds: bool = False

    @property
    def text(self) -> str:
        """The YAML of it, as text."""
        return yaml.safe_dump(self.document, sort_keys=False)

    @property
    def env(self) -> Environment:
        """The environment of it."""
        return parse(self.text, self.title, HOME)

    @property
    def reached_by_load_balancer(self) -> bool:
        """Whether there is a load balancer in front of it."""
        return "web" not in self.document


def rehearse(variant: Variant, *arguments: str) -> dict[str, Any]:
    """Rehearse a variant in a folder of its own, and return what `--json` prints. Raises `CalledProcessError`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "env.yaml"
        file.write_text(variant.text, encoding="utf-8")
        for name in BESIDE:
            (Path(folder) / name).symlink_to(HOME / name)
        command = [str(Path(sys.executable).parent / "windsock"), "rehearse", str(file), "--json", *arguments]
        ports = ["--port", "0", "--endpoint-port", "0"]
        done = subprocess.run([*command, *ports], check=True, stdout=subprocess.PIPE, text=True)
    return cast("dict[str, Any]", json.loads(done.stdout))


def variants() -> tuple[Variant, ...]:
    """Return every kind of database with and without a load balancer, always awake and on demand."""
    postgres, mysql = (bare_of(read(path)).document for path in (POSTGRES, MYSQL))
    databases = (
        ("RDS PostgreSQL", {**postgres, "database": dict(RDS)}, True),
        ("PostgreSQL in a container", postgres, False),
        ("MySQL in a container", mysql, False),
    )
    return tuple(
        Variant(f"{title}, {words} load balancer", _reached(document, load_balancer=load_balancer), on_rds)
        for title, document, on_rds in databases
        for words, load_balancer in LOAD_BALANCERS
    )


def deliveries() -> tuple[Variant, ...]:
    """Return an environment whose database needs no file system, with its code by release and with a file system."""
    postgres = bare_of(read(POSTGRES)).document
    ephemeral = {**postgres, "database": {**postgres["database"], "storage": "ephemeral"}}
    return tuple(
        Variant(f"PostgreSQL in a container without storage, code by {word}", {**ephemeral, "code": {"delivery": word}})
        for word in ("release", "efs")
    )


def read(path: Path) -> Document:
    """Return the YAML of an example as plain values."""
    return cast("Document", read_text(path.read_text(encoding="utf-8"), str(path)).value)


def bare_of(document: Document) -> Variant:
    """Return an environment without savings: on demand, on x86, behind a load balancer, day and night."""
    rest = {key: value for key, value in document.items() if key not in {"fargate", "ttl", "schedule"}}
    return Variant("without savings", _reached(rest, load_balancer=True))


def _reached(document: Document, *, load_balancer: bool) -> Document:
    rest = {key: value for key, value in document.items() if key not in {"web", "network"}}
    network = {key: value for key, value in document.get("network", {}).items() if key != "allowed_cidrs"}
    if load_balancer:
        return {**rest, "network": {**network, "allowed_cidrs": OFFICE}}
    return {**rest, "network": network, "web": {"load_balancer": "none"}}
