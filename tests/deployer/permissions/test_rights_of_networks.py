"""A network lives in an emulator, each verb with no more rights than `windsock network policy` prints for it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from acceptance.deploy_principal import NETWORK_USER
from compiler.compile import compile_network
from deployer.aws.session import Session, open_session
from deployer.permissions.own_calls import Purpose
from deployer.permissions.policy import deployer_policies
from deployer.permissions.subject import of_network
from deployer.shared_network import network_status, plan_network, tear_down_network
from rehearsal.emulator.iam import usage
from rehearsal.session import emulator_session
from spec.reading.load import load_network
from spec.sections.networks.shared_network import SharedNetwork
from tests.conftest import Golden
from tests.deployer.fakes.session import Recorder
from tests.life.enforcement import policy_pages
from tests.life.kept import ROOT
from tests.rehearsal.yard import ACCOUNT, CACHE

pytestmark = pytest.mark.rehearsal
FILE = Path("tests/life/network.yaml")
CHANGES = (
    ("cidr: 10.20.0.0/16", "cidr: 10.20.0.0/16\n  nat: per_zone\n  zones: 3"),
    ("{team: data}", "{squad: data}"),
    ("[203.0.113.0/24]", "[203.0.113.0/25, 198.51.100.0/24]"),
)
DID = """One user deployed it and changed
what it can, one looked, and one took it down. `make test` compares this page with what it sees."""


@dataclass(frozen=True)
class Account:
    """An account with nothing in it but users."""

    emulator: emulator_session.EmulatorSession
    network: SharedNetwork

    @cached_property
    def users(self) -> tuple[str, ...]:
        """The names of the users, by their purposes."""
        return tuple(f"{NETWORK_USER}-{purpose}" for purpose in (Purpose.DEPLOY, Purpose.WATCH, Purpose.TEARDOWN))

    def user(self, purpose: Purpose) -> Session:
        """Make a user for one purpose; return its session."""
        name, iam = f"{NETWORK_USER}-{purpose}", self._open(ACCOUNT, self.emulator.secret_key).client("iam")
        iam.create_user(UserName=name)
        subject = of_network(self.network, compile_network(self.network))
        for number, document in enumerate(deployer_policies(subject, {purpose})):
            made = iam.create_policy(PolicyName=f"{name}-{number}", PolicyDocument=json.dumps(document))["Policy"]
            iam.attach_user_policy(UserName=name, PolicyArn=made["Arn"])
        keys = iam.create_access_key(UserName=name)["AccessKey"]
        return self._open(keys["AccessKeyId"], keys["SecretAccessKey"])

    def _open(self, access_key: str, secret_key: str) -> Session:
        region, endpoint = self.network.aws.region, self.emulator.endpoint_url
        return open_session(region, endpoint_url=endpoint, access_key=access_key, secret_key=secret_key)


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    """Start an emulator that knows no other environment."""
    network = load_network(ROOT / FILE)
    where: dict[str, Any] = {"region": network.aws.region, "account": ACCOUNT, "cache": CACHE}
    running = emulator_session.start(tmp_path / "emulator", detach=False, gateway_port=0, web_port=0, **where)
    try:
        yield Account(running, network)
    finally:
        emulator_session.stop(running)


def _changed(folder: Path) -> SharedNetwork:
    """Return the network with everything changed that a deployed one can change."""
    text = (ROOT / FILE).read_text(encoding="utf-8")
    for old, new in CHANGES:
        assert old in text
        text = text.replace(old, new)
    (folder / "network.yaml").write_text(text, encoding="utf-8")
    return load_network(folder / "network.yaml")


def test_every_action_is_used_or_listed(account: Account, tmp_path: Path, golden: Golden) -> None:
    """Each verb by a user of its own; the page says what none of them used, and why it is there."""
    deployer, templates = account.user(Purpose.DEPLOY), compile_network(account.network)
    assert plan_network(account.network, templates, deployer, Recorder()).execute(Recorder()).changed
    changed = _changed(tmp_path)
    planned = plan_network(changed, compile_network(changed), deployer, Recorder())
    assert planned.execute(Recorder()).changed
    seen = network_status(changed, compile_network(changed), account.user(Purpose.WATCH))
    assert (seen.stack, seen.current) == ("UPDATE_COMPLETE", True)
    assert tear_down_network(changed, account.user(Purpose.TEARDOWN), Recorder())
    life = policy_pages.Life(
        subject=of_network(account.network, templates),
        command=f"windsock network policy {FILE}",
        did=DID,
        users=tuple(f":user/{name}" for name in account.users),
    )
    golden(policy_pages.file_of("shared-network"), policy_pages.render(life, usage.read(account.emulator.directory)))
