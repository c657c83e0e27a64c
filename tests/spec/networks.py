"""A network that environments share, and an environment in it, for tests that change them in one place."""

from pathlib import Path

from spec.environment import Environment
from spec.reading.load import load, load_network
from spec.sections.networks.shared_network import SharedNetwork

NETWORK = """\
name: team
aws: {account: "123456789012", region: us-west-2}
network: {mode: private, zones: 3}
"""
BALANCER = """\
load_balancer: {domain: example.com, hosted_zone: Z0123456789ABC, allowed_cidrs: [203.0.113.0/24]}
"""
SITE = "web: {load_balancer: shared, domain: demo.example.com}\n"
ENVIRONMENT = """\
name: demo
aws: {account: "123456789012", region: us-west-2}
airflow: {version: 2.5.3, python: "3.10"}
network: {mode: shared, file: network.yaml, allowed_cidrs: [203.0.113.0/24]}
"""


def shared_network(folder: Path, old: str = "", new: str = "", *, more: str = "") -> SharedNetwork:
    """Return the network, with `old` replaced by `new` and `more` lines; its YAML is `network.yaml` in the folder."""
    text = NETWORK + more
    assert old in text
    (folder / "network.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return load_network(folder / "network.yaml")


def in_network(folder: Path, old: str = "", new: str = "", *, more: str = "") -> Environment:
    """Return the environment likewise, with `more` lines at its end; its network has to be in the folder."""
    assert old in ENVIRONMENT
    (folder / "env.yaml").write_text(ENVIRONMENT.replace(old, new, 1) + more, encoding="utf-8")
    return load(folder / "env.yaml")


def behind_shared(folder: Path, site: str = SITE, balancer: str = BALANCER) -> Environment:
    """Return the environment behind the load balancer of the network."""
    shared_network(folder, more=balancer)
    return in_network(folder, ", allowed_cidrs: [203.0.113.0/24]", "", more=site)
