"""The same pages, files and choices for an environment and for a network."""

import json
from pathlib import Path

import pytest

from tests.cli.shell import Windsock
from tests.spec.networks import BALANCER, shared_network

VERBS = {"policy": "env.yaml", "network policy": "network.yaml"}
NAMES = {"policy": "demo", "network policy": "team"}


@pytest.fixture(autouse=True)
def network(checkout: Path) -> None:
    """Put a network beside the environment."""
    shared_network(checkout, more=BALANCER)


@pytest.mark.parametrize("verb", VERBS)
def test_each_policy_has_a_file_and_a_page(windsock: Windsock, checkout: Path, verb: str) -> None:
    """The same documents, as `aws iam create-policy` takes them."""
    words, first = (*verb.split(), VERBS[verb]), f"{NAMES[verb]}-deployer-1"
    assert windsock(*words).out.startswith(f"# {first}: ")
    printed = json.loads(windsock(*words, "--json").out)
    ran = windsock(*words, "--output", "policies")
    assert f"{len(printed)} files are in policies." in ran.err
    written = {path.stem: json.loads(path.read_text()) for path in (checkout / "policies").iterdir()}
    assert written == {policy["name"]: policy["document"] for policy in printed}
    assert first in written


def test_nobody_pushes_to_a_network(windsock: Windsock) -> None:
    """So there is no such purpose; who watches one makes nothing."""
    ran = windsock("network", "policy", "network.yaml", "--for", "push")
    assert ran.code == 2
    assert "deploy, watch or teardown" in windsock("network", "--help").out.replace("\n", " ")
    (policy,) = json.loads(windsock("network", "policy", "network.yaml", "--for", "watch", "--json").out)
    assert "Create" not in json.dumps(policy)
