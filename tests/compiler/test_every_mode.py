"""Whatever modes a YAML puts together, it is refused with a line, or its templates are clean."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from compiler.compile import compile_environment
from compiler.lint import lint
from compiler.reach import reaches
from spec.environment import Environment
from spec.errors import Fault, SpecRefusal
from spec.reading.load import parse

EXAMPLES = Path(__file__).parents[2] / "examples/shared-network"
KEY = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
SUBNETS = [f"subnet-0a1b2c3d4e5f600{number}" for number in range(11, 17)]
RELEASES = {
    "2.5.3": ("3.10", "15"),
    "2.11.2": ("3.11", "16"),
    "3.3.2": ("3.12", "16"),
}
"""The Python and the PostgreSQL of each release."""
OUTSIDE = {"kind": "external", "host": "db.example.com", "password": {"secret": "drawn/database"}}
DOMAIN = {"domain": "airflow.example.com", "hosted_zone": "Z0123456789ABC"}

FILE = "network.yaml"
"""The network of an example."""
EXISTING = {
    "mode": "existing",
    "vpc": "vpc-0a1b2c3d4e5f67890",
    "task_subnets": SUBNETS[:2],
    "load_balancer_subnets": SUBNETS[2:4],
    "database_subnets": SUBNETS[4:],
}
ZONES = st.sampled_from([2, 3])
NETWORKS = st.one_of(
    st.fixed_dictionaries({"mode": st.just("public"), "zones": ZONES}),
    st.fixed_dictionaries(
        {"mode": st.just("private"), "zones": ZONES, "nat": st.sampled_from(["one", "per_zone"])},
    ),
    st.fixed_dictionaries({"mode": st.just("endpoints"), "zones": ZONES}),
    st.just(EXISTING),
    st.just({"mode": "shared", "file": FILE}),
)
WEBS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"scheme": st.sampled_from(["internet-facing", "internal"])}, optional={"waf": st.just(value=True)}
).flatmap(lambda web: st.sampled_from([web, {**web, **DOMAIN}]))
SHARED = {"mode": "shared", "file": FILE}, {"load_balancer": "shared", "domain": "drawn.airflow.example.com"}
PLACES = st.one_of(
    st.tuples(NETWORKS.map(lambda network: {**network, "allowed_cidrs": ["203.0.113.0/24"]}), WEBS), st.just(SHARED)
)
"""The network, and the web server in it."""
SCHEDULES = st.sampled_from(
    [None, {"on": "08:00-18:00 Mon-Fri", "timezone": "Europe/Berlin"}, {"when": "due"}],
)
BACKUPS = st.sampled_from([None, {"keep_days": 7}, {"schedule": "cron(0 12 ? * MON-FRI *)", "lock": True}])
STORES = ("key", "database", "file_system", "images", "buckets", "logs", "secrets")
KEYS = st.dictionaries(st.sampled_from(STORES), st.sampled_from(["aws", "create", KEY]), max_size=3)


def _databases(version: str) -> st.SearchStrategy[dict[str, Any]]:
    rds = st.fixed_dictionaries(
        {"version": st.just(version), "multi_az": st.booleans(), "tls": st.sampled_from(["verify", "require"])},
        optional={"insights": st.just(value=True), "monitoring_seconds": st.just(60)},
    )
    container = st.fixed_dictionaries(
        {
            "kind": st.just("container"),
            "version": st.just(version),
            "storage": st.sampled_from(["efs", "ephemeral"]),
            "tls": st.sampled_from(["require", "none"]),
        }
    )
    mysql = st.fixed_dictionaries(
        {"kind": st.just("container"), "engine": st.just("mysql"), "version": st.just("8.0")},
    )
    external = st.fixed_dictionaries(
        {
            **{key: st.just(value) for key, value in OUTSIDE.items()},
            "version": st.just(version),
            "tls": st.sampled_from(["verify", "require", "none"]),
            "cidrs": st.sampled_from([["0.0.0.0/0"], ["198.51.100.0/24", "203.0.113.7/32"], ["10.20.0.0/24"]]),
        }
    )
    return st.one_of(rds, container, mysql, external)


@st.composite
def drawn(draw: st.DrawFn) -> str:
    """Draw a YAML that may name any mode beside any other."""
    release = draw(st.sampled_from(sorted(RELEASES)))
    python, postgres = RELEASES[release]
    processes = ["webserver", "scheduler", "triggerer", *(["dag_processor"] if release.startswith("3") else [])]
    counts = draw(st.dictionaries(st.sampled_from(processes), st.integers(1, 3), max_size=3))
    executor = draw(st.sampled_from(["local", "ecs"]))
    database = draw(_databases(postgres))
    network, web = draw(PLACES)
    parts: dict[str, Any] = {
        "name": "drawn",
        "aws": {"account": "123456789012", "region": "us-west-2"},
        "airflow": {"version": release, "python": python, "executor": executor},
        "network": network,
        "web": web,
        "database": database,
        "services": {name: {"cpu": 512, "memory": 2048, "count": count} for name, count in counts.items()},
        "schedule": draw(SCHEDULES),
        "encryption": draw(KEYS),
        "logs": {"access": draw(st.booleans())},
        "protect": draw(st.booleans()),
        "backup": draw(
            st.sampled_from([None, {"keep_days": 7}, {"schedule": "cron(0 12 ? * MON-FRI *)", "lock": True}])
        ),
    }
    return yaml.safe_dump({key: value for key, value in parts.items() if value not in (None, {})}, sort_keys=False)


def _understood(text: str) -> Environment | None:
    """Return the environment; None for a YAML that is refused, which must say at which line."""
    faults: tuple[Fault, ...] = ()
    try:
        return parse(text, "env.yaml", EXAMPLES)
    except SpecRefusal as refusal:
        faults = refusal.faults
    assert all(fault.line > 0 and fault.message for fault in faults)
    return None


def _promise(text: str) -> None:
    env = _understood(text)
    if env is None:
        return
    templates = compile_environment(env)
    assert templates.files == compile_environment(parse(text, "env.yaml", EXAMPLES)).files
    assert lint(templates, region=env.aws.region) == (), text
    assert all(one.way for one in reaches(env)), text


@settings(max_examples=200, deadline=None, phases=[Phase.generate, Phase.shrink])
@given(drawn())
def test_most_of_what_is_drawn_is_understood_or_refused(text: str) -> None:
    """Without a traceback; what is refused has a line."""
    _understood(text)


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(drawn())
def test_some_of_all_modes_compile_to_clean_templates(text: str) -> None:
    """The same few on every run of CI: the linter takes a second or two for each."""
    _promise(text)


@pytest.mark.endurance
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn())
def test_many_of_all_modes_compile_to_clean_templates(text: str) -> None:
    """Others on every run, since nobody can write down all combinations."""
    _promise(text)
