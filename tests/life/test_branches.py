"""Two branches of one YAML live side by side on one AWS, share nothing, and go one after the other."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from compiler.contract import RootOutput
from rehearsal.clients.airflow_client import AirflowClient, AirflowClientFailure, WebFacts
from spec.reading.load import load
from tests.life.kept import Kept, keep

pytestmark = pytest.mark.airflow

YAML = "env.example.yaml"
ONE, OTHER = "feature/One", "other"
DAG = "tutorial_taskflow_api"


@dataclass(frozen=True)
class Branch:
    """The environment of one branch, as `windsock status` and its own site show it."""

    kept: Kept
    branch: str

    def run(self, verb: str, *arguments: str) -> Any:
        """Run a verb on it."""
        return self.kept.run(verb, YAML, "--branch", self.branch, *arguments)

    @property
    def status(self) -> dict[str, Any]:
        """The JSON of `status`."""
        done = self.run("status", "--json")
        assert done.returncode == 0, done.stderr
        status: dict[str, Any] = json.loads(done.stdout)
        return status

    def client(self) -> AirflowClient:
        """Log in at its site, by the name of its load balancer through the proxy of the emulator."""
        status, web = self.status, load(self.kept.environment).airflow.release.web
        facts = WebFacts(health_path=web.health_path, api_path=web.api_path, login=web.login)
        (stack,) = self.kept.client("cloudformation").describe_stacks(StackName=status["name"])["Stacks"]
        (url,) = [one["OutputValue"] for one in stack["Outputs"] if one["OutputKey"] == RootOutput.URL]
        client = AirflowClient(url, facts, self.kept.web_url)
        secret = self.kept.client("secretsmanager").get_secret_value(SecretId=status["admin_secret"])
        client.login("airflow", secret["SecretString"])
        return client

    def resources(self) -> set[str]:
        """Return the physical ids of everything in its stacks."""
        return set(self._below(self.status["name"]))

    def _below(self, stack: str) -> Iterator[str]:
        cloudformation = self.kept.client("cloudformation")
        for resource in cloudformation.list_stack_resources(StackName=stack)["StackResourceSummaries"]:
            yield resource["PhysicalResourceId"]
            if resource["ResourceType"] == "AWS::CloudFormation::Stack":
                yield from self._below(resource["PhysicalResourceId"])


@dataclass(frozen=True)
class Deployed:
    """Two branches, and what another terminal told while the other was deployed."""

    one: Branch
    other: Branch
    followed: Sequence[dict[str, Any]]


@pytest.fixture(scope="module")
def deployed() -> Iterator[Deployed]:
    """One branch rehearsed and kept, another deployed beside it; the emulator goes with the last."""
    kept = keep(YAML, "--branch", ONE, "--dag", DAG)
    one, other = Branch(kept, ONE), Branch(kept, OTHER)
    yield Deployed(one, other, _deploy_and_follow(other))
    done = one.run("teardown", "--yes")
    assert done.returncode == 0, done.stderr
    assert "The kept rehearsal has ended" in done.stderr
    assert "Nothing kept." in done.stdout


@pytest.fixture(scope="module")
def branches(deployed: Deployed) -> tuple[Branch, Branch]:
    """Return both branches."""
    return deployed.one, deployed.other


def _deploy_and_follow(branch: Branch) -> Sequence[dict[str, Any]]:
    """Deploy a branch; return the events that `status --follow` tells in another terminal, as soon as it tells any."""
    followed: list[dict[str, Any]] = []
    with ThreadPoolExecutor(1) as terminal:
        deploying = terminal.submit(branch.run, "deploy", "--yes")
        while not deploying.done() and len(followed) < 2:
            told = branch.run("status", "--follow", "--events")
            followed = [json.loads(line) for line in told.stdout.splitlines()]
    done = deploying.result()
    assert done.returncode == 0, done.stderr
    return followed


def test_another_terminal_follows_a_deploy_that_goes_on(deployed: Deployed) -> None:
    """Who is at it, resources of nested stacks as they come, and at the end a status that is well."""
    begun, *_, result = deployed.followed
    assert (begun["event"], begun["name"]) == ("phase", "deploy")
    assert "by " in begun["detail"]
    paths = {one["path"] for one in deployed.followed if one["event"] == "resource"}
    assert any("/" in path for path in paths)
    assert (result["event"], result["well"]) == ("result", True)


def test_two_branches_share_no_resource(branches: tuple[Branch, Branch]) -> None:
    """No resource of one is in a stack of the other, from network to database."""
    one, other = (branch.resources() for branch in branches)
    assert len(one) > 80
    assert len(one) == len(other)
    assert not one & other


def test_two_branches_have_their_own_runs_and_passwords(branches: tuple[Branch, Branch]) -> None:
    """A run of one is not in the other's database, and a password opens one site alone."""
    one, other = (branch.client() for branch in branches)
    other.unpause(DAG)
    run = other.trigger(DAG)
    assert other.run_state(DAG, run)
    with pytest.raises(AirflowClientFailure) as failure:
        one.run_state(DAG, run)
    assert failure.value.status == 404


def test_a_yaml_with_the_name_of_a_branch_is_refused(branches: tuple[Branch, Branch]) -> None:
    """The YAML's own environment, called as a branch's is, touches nothing of it."""
    _, other = branches
    yaml = other.kept.environment.read_text().replace("name: demo", f"name: {other.status['name']}")
    path = other.kept.environment.with_name("twin.yaml")
    path.write_text(yaml)
    try:
        done = other.kept.run("teardown", str(path), "--yes")
    finally:
        path.unlink()
    assert done.returncode == 1
    assert "is the environment of branch 'other', not of a YAML without --branch" in done.stderr


def test_a_teardown_of_one_branch_leaves_the_other(branches: tuple[Branch, Branch]) -> None:
    """Its report says why the bootstrap stack stays; the emulator stays for the other branch."""
    one, other = branches
    name = one.status["name"]
    done = other.run("teardown", "--yes")
    assert done.returncode == 0, done.stderr
    assert f"other environments use it: {name}" in done.stdout
    assert f"The kept rehearsal goes on, with {name} in it." in done.stderr
    assert one.status["well"]
    assert one.client().trigger(DAG)
