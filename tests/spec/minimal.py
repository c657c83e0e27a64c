"""A minimal environment that tests change in one place."""

import pytest

from spec.environment import Environment
from spec.errors import Fault, SpecRefusal
from spec.reading.load import parse

TEXT = """\
name: demo
aws: {account: "123456789012", region: us-west-2}
airflow: {version: 2.5.3, python: "3.10"}
network: {allowed_cidrs: [203.0.113.0/24]}
"""
PYTHON = 'python: "3.10"'
ECS = f"{PYTHON}, executor: ecs"
SITE = "web: {domain: airflow.example.com, hosted_zone: Z0123456789ABC}\n"
GOOGLE = SITE + "auth: {kind: google, allowed_domains: [example.com]}\n"


def minimal(old: str = "", new: str = "", *, more: str = "") -> Environment:
    """Return the environment, with `old` replaced by `new` and `more` lines at its end."""
    assert old in TEXT
    return parse(TEXT.replace(old, new, 1) + more, "env.yaml")


def refused(old: str = "", new: str = "", *, more: str = "") -> Fault:
    """Return the only fault of the environment with this change."""
    with pytest.raises(SpecRefusal) as caught:
        minimal(old, new, more=more)
    (fault,) = caught.value.faults
    return fault
