"""An environment and its branch stand in one network, which goes when both are gone, and not before.

They share a load balancer, which finds each by its host name.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import requests

from acceptance.deploy_principal import NETWORK_USER
from acceptance.emulated_aws import session_of
from acceptance.sessions import directory_of
from cli.terminal.cache_dir import cache_root
from compiler.contract import RootOutput
from deployer.aws.inventory import inventory
from deployer.teardown import teardown
from rehearsal.session import emulator_session
from spec.reading.branches import for_branch
from spec.reading.load import load, load_network
from tests.deployer.fakes.session import Recorder
from tests.life.kept import Kept, keeping

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]

YAML, BRANCH = "tests/life/shared-network.yaml", "feature"
OK, CREATED, MOVED, UNAUTHORIZED, FORBIDDEN = 200, 201, 301, 401, 403
NETWORK = Path(__file__).with_name("network.yaml")


@dataclass(frozen=True)
class Shared:
    """A kept environment in its network, and a checkout from which a branch is deployed beside it."""

    kept: Kept
    checkout: Path

    @cached_property
    def as_network_user(self) -> Kept:
        """The rehearsal for the user who has deployed the network, and may do no more than that takes."""
        key = self.kept.client("iam").create_access_key(UserName=NETWORK_USER)["AccessKey"]
        keys = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
        return replace(self.kept, variables={**self.kept.variables, **keys})

    def network(self, action: str, *options: str) -> Any:
        """Run `windsock network` on it."""
        return self.as_network_user.run("network", action, "network.yaml", *options, checkout=self.checkout)

    def deploy_branch(self) -> None:
        """Deploy the branch, of which CloudFormation sees another name and the same network."""
        text = self.kept.environment.read_text(encoding="utf-8")
        done = self.kept.deploy(text, self.checkout, "--branch", BRANCH)
        assert done.returncode == 0, done.stderr

    def tear_down(self, branch: str | None) -> None:
        """Take the environment or its branch down, as the verb does, without ending the rehearsal with the last."""
        own = load(self.kept.environment)
        emulator = emulator_session.read(directory_of(cache_root(os.environ), own.name, kept=True))
        env = for_branch(own, branch)
        teardown(env, session_of(env, emulator), progress=Recorder())

    @property
    def browser(self) -> requests.Session:
        """A browser that resolves the names of both sites and trusts their certificate."""
        own = load(self.kept.environment)
        emulator = emulator_session.read(directory_of(cache_root(os.environ), own.name, kept=True))
        return emulator.internet.browser()

    def password(self, name: str) -> str:
        """Read the generated password of the first user of an environment."""
        (stack,) = self.kept.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
        (secret,) = (one["OutputValue"] for one in stack["Outputs"] if one["OutputKey"] == RootOutput.ADMIN_PASSWORD)
        return str(self.kept.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"])

    def logs_in(self, host: str, password: str) -> int:
        """Ask a site for a token of its first user, and return the status of the answer."""
        user = {"username": "airflow", "password": password}
        return self.browser.post(f"https://{host}/auth/token", json=user, timeout=30).status_code

    @property
    def left(self) -> list[str]:
        """What the account still has."""
        own = load(self.kept.environment)
        emulator = emulator_session.read(directory_of(cache_root(os.environ), own.name, kept=True))
        return [*inventory(session_of(own, emulator))]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """Return the environment, rehearsed and kept."""
    checkout = tmp_path_factory.mktemp("checkout")
    shutil.copy(NETWORK, checkout)
    with keeping(YAML) as kept:
        yield Shared(kept, checkout)


def _see_both_sites(shared: Shared) -> None:
    """See each environment under its own name, with the passwords of its own database."""
    sites = {name: f"{name}.airflow.example.com" for name in ("orders", "orders-feature")}
    passwords = {name: shared.password(name) for name in sites}
    for name, host in sites.items():
        assert {other: shared.logs_in(host, passwords[other]) for other in sites} == {
            other: CREATED if other == name else UNAUTHORIZED for other in sites
        }
        moved = shared.browser.get(f"http://{host}/dags", allow_redirects=False, timeout=30)
        assert (moved.status_code, moved.headers["Location"]) == (MOVED, f"https://{host}:443/dags")
    (balancer,) = shared.kept.client("elbv2").describe_load_balancers()["LoadBalancers"]
    assert balancer["VpcId"]


def _see_guesses_refused(shared: Shared) -> None:
    """See who tried too many passwords at one site refused at each."""
    balancer = load_network(NETWORK).load_balancer
    assert balancer is not None
    for _ in range(balancer.waf_logins + 1):
        shared.logs_in("orders.airflow.example.com", "a guess")
    for name in ("orders", "orders-feature"):
        assert shared.logs_in(f"{name}.airflow.example.com", shared.password(name)) == FORBIDDEN


def test_a_network_outlives_its_environments(shared: Shared) -> None:
    """One NAT gateway serves both; it is in use until the last of them is gone."""
    before = set(shared.left)
    shared.deploy_branch()
    gateways = shared.kept.client("ec2").describe_nat_gateways()["NatGateways"]
    assert len([one for one in gateways if one["State"] == "available"]) == 1
    assert len(shared.kept.client("ec2").describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["*"]}])["Vpcs"]) == 1
    _see_both_sites(shared)
    seen = shared.network("status")
    assert seen.returncode == 0, seen.stderr
    assert "orders, orders-feature" in seen.stdout
    _see_guesses_refused(shared)
    for branch, standing in ((BRANCH, "orders and orders-feature stand"), (None, "orders stands")):
        refused = shared.network("teardown", "--confirm", "team")
        assert refused.returncode == 1
        assert f"team cannot be deleted: {standing} in it." in refused.stderr
        shared.tear_down(branch)
        if branch:
            assert shared.browser.get("https://orders.airflow.example.com/", timeout=30).status_code == OK
    assert set(shared.left) < before
    (bucket,) = (one.rpartition(" ")[2] for one in shared.left if "accesslogbucket" in one)
    assert shared.kept.client("s3").list_objects_v2(Bucket=bucket, Prefix="load-balancer/AWSLogs/")["KeyCount"]
    done = shared.network("teardown", "--confirm", "team")
    assert done.returncode == 0, done.stderr
    assert f"team is gone. The bucket {bucket} stays" in done.stderr
    assert not [one for one in shared.left if "VPC" in one or "NAT" in one or "address" in one]
