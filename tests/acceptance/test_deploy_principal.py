"""The user of a rehearsal may do what `windsock policy` prints, and nothing else; so may the role of CloudFormation."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from acceptance.deploy_principal import NETWORK_USER, USER, open_as_network_user, open_as_user, remove_role
from compiler.compile import compile_environment, compile_network
from deployer.permissions.policy import cloudformation_policies, cloudformation_trust, deployer_policies
from deployer.permissions.subject import of_network
from spec.environment import Environment
from tests.deployer.fakes.environment import environment
from tests.deployer.permissions.subjects import subject_of
from tests.spec.networks import in_network, shared_network

if TYPE_CHECKING:
    from deployer.aws.session import Session

ROLE = "arn:aws:iam::123456789012:role/ops/acts"
SPLIT = {"tags:": f"cloudformation_role: '{ROLE}', tags:"}


@dataclass(kw_only=True)
class FakeIam:
    """Notes what becomes of the user and of a role."""

    attached: dict[str, list[str]] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)
    roles: dict[str, tuple[str, Any]] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)

    def create_user(self, UserName: str, Path: str) -> None:  # noqa: N803  boto3's names
        """Mirror the real client."""
        self.paths[UserName] = Path
        self.attached[UserName] = []

    def create_role(self, RoleName: str, Path: str, AssumeRolePolicyDocument: str) -> None:  # noqa: N803  boto3's names
        """Mirror the real client."""
        self.attached[RoleName] = []
        self.roles[RoleName] = (Path, json.loads(AssumeRolePolicyDocument))

    def has_role(self, name: str) -> bool:
        """Mirror the client of Windsock."""
        return name in self.roles

    def create_policy(self, PolicyName: str, PolicyDocument: str) -> dict[str, Any]:  # noqa: N803  boto3's names
        """Mirror the real client."""
        assert PolicyName not in self.documents
        self.documents[PolicyName] = json.loads(PolicyDocument)
        return {"Policy": {"Arn": f"arn:aws:iam::123456789012:policy/{PolicyName}"}}

    def attach_user_policy(self, UserName: str, PolicyArn: str) -> None:  # noqa: N803  boto3's names
        """Mirror the real client."""
        self.attached[UserName].append(PolicyArn)

    def attach_role_policy(self, RoleName: str, PolicyArn: str) -> None:  # noqa: N803  boto3's names
        """Mirror the real client."""
        self.attached[RoleName].append(PolicyArn)

    def list_attached_role_policies(self, RoleName: str) -> dict[str, Any]:  # noqa: N803  boto3's name
        """Mirror the real client."""
        return {"AttachedPolicies": [{"PolicyArn": arn} for arn in self.attached[RoleName]]}

    def detach_role_policy(self, RoleName: str, PolicyArn: str) -> None:  # noqa: N803  boto3's names
        """Mirror the real client."""
        self.attached[RoleName].remove(PolicyArn)

    def delete_role(self, RoleName: str) -> None:  # noqa: N803  boto3's name
        """Mirror the real client, which refuses a role with policies."""
        assert self.attached.pop(RoleName) == []
        del self.roles[RoleName]

    def create_access_key(self, UserName: str) -> dict[str, Any]:  # noqa: N803  boto3's name
        """Mirror the real client."""
        assert UserName in self.attached
        return {"AccessKey": {"AccessKeyId": "AKIA1", "SecretAccessKey": "secret"}}

    def assume_role(self, RoleArn: str, RoleSessionName: str) -> dict[str, Any]:  # noqa: N803  boto3's names
        """Mirror the real client of STS."""
        assert RoleArn.rpartition("/")[2] in self.roles
        return {"Credentials": {"AccessKeyId": "ASIA1", "SecretAccessKey": "secret", "SessionToken": RoleSessionName}}

    def policies(self, name: str) -> list[Any]:
        """Return the documents of what is attached to a user or a role."""
        return [self.documents[arn.rpartition("/")[2]] for arn in self.attached[name]]


@dataclass(frozen=True)
class Owner:
    """The session of the account's owner."""

    iam: FakeIam
    region: str = "us-west-2"
    account: str = "123456789012"

    def client(self, service: str) -> FakeIam:
        """Mirror the real session."""
        assert service in {"iam", "sts"}
        return self.iam


def _open(env: Environment) -> "tuple[FakeIam, Session]":
    iam = FakeIam()
    owner = cast("Session", Owner(iam))
    return iam, open_as_user(owner, "http://127.0.0.1:1", env, compile_environment(env))


def test_the_user_has_every_policy_and_a_key_of_its_own() -> None:
    """The session signs with that key, so the account refuses whatever the policies leave out."""
    env = environment()
    iam, opened = _open(env)
    assert iam.policies(USER) == list(deployer_policies(subject_of(env)))
    assert iam.roles == {}
    credentials = opened.client("sts")._client._request_signer._credentials
    assert (credentials.access_key, opened.region) == ("AKIA1", "us-west-2")


def test_the_role_of_cloudformation_has_its_own_policies_and_its_path() -> None:
    """The user hands it over and has none of its permissions."""
    env = environment(**SPLIT)
    iam, _ = _open(env)
    assert iam.roles == {"acts": ("/ops/", cloudformation_trust())}
    assert iam.policies("acts") == list(cloudformation_policies(subject_of(env)))
    assert iam.policies(USER) == list(deployer_policies(subject_of(env)))


def test_the_first_pusher_is_who_deploys() -> None:
    """The bucket of the environment would refuse another user; path and policies are as they would be."""
    env = environment(**{"network:": "code: {pushers: ['arn:aws:iam::123456789012:user/staff/ann']}\nnetwork:"})
    iam, _ = _open(env)
    assert iam.paths == {"ann": "/staff/"}
    assert iam.policies("ann") == list(deployer_policies(subject_of(env)))


def test_a_pusher_that_is_a_role_is_assumed_and_goes_in_the_end() -> None:
    """With the token of its session; a teardown does not know of it."""
    env = environment(**{"network:": "code: {pushers: ['arn:aws:iam::123456789012:role/staff/ci']}\nnetwork:"})
    iam, opened = _open(env)
    assert iam.policies("ci") == list(deployer_policies(subject_of(env)))
    credentials = opened.client("sts")._client._request_signer._credentials
    assert (credentials.access_key, credentials.token) == ("ASIA1", USER)
    remove_role(cast("Session", Owner(iam)), env)
    assert iam.roles == {}


def test_the_role_goes_with_its_policies_and_only_where_there_is_one() -> None:
    """A teardown keeps it, since it is the owner's; a rehearsal has made it and looks for left-overs."""
    env = environment(**SPLIT)
    iam, _ = _open(env)
    remove_role(cast("Session", Owner(iam)), env)
    assert iam.roles == {}
    remove_role(cast("Session", Owner(iam)), environment())


def test_a_network_is_deployed_by_a_user_of_its_own(tmp_path: Path) -> None:
    """A role of CloudFormation that environment and network both name has the policies of both, and goes once."""
    acting = f"aws: {{cloudformation_role: '{ROLE}', "
    network = shared_network(tmp_path, "aws: {", acting)
    env = in_network(tmp_path, "aws: {", acting)
    iam, _ = _open(env)
    open_as_network_user(cast("Session", Owner(iam)), "http://127.0.0.1:1", network)
    subject = of_network(network, compile_network(network))
    assert iam.policies(NETWORK_USER) == list(deployer_policies(subject))
    assert iam.policies("acts") == [*cloudformation_policies(subject_of(env)), *cloudformation_policies(subject)]
    remove_role(cast("Session", Owner(iam)), env)
    assert iam.roles == {}
