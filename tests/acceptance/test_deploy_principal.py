"""The user of a rehearsal may do what its policies allow, and nothing else."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from acceptance.deploy_principal import USER, open_as_user

if TYPE_CHECKING:
    from deployer.aws.session import Session


@dataclass
class FakeIam:
    """Notes what becomes of the user."""

    attached: dict[str, Any] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)

    def create_user(self, UserName: str) -> None:  # noqa: N803  boto3's name
        """Mirror the real client."""
        self.attached[UserName] = []

    def create_policy(self, PolicyName: str, PolicyDocument: str) -> dict[str, Any]:  # noqa: N803  boto3's names
        """Mirror the real client."""
        self.documents[PolicyName] = json.loads(PolicyDocument)
        return {"Policy": {"Arn": f"arn:aws:iam::123456789012:policy/{PolicyName}"}}

    def attach_user_policy(self, UserName: str, PolicyArn: str) -> None:  # noqa: N803  boto3's names
        """Mirror the real client."""
        self.attached[UserName].append(PolicyArn.rpartition("/")[2])

    def create_access_key(self, UserName: str) -> dict[str, Any]:  # noqa: N803  boto3's name
        """Mirror the real client."""
        assert UserName in self.attached
        return {"AccessKey": {"AccessKeyId": "AKIA1", "SecretAccessKey": "secret"}}


@dataclass(frozen=True)
class Owner:
    """The session of the account's owner."""

    iam: FakeIam
    region: str = "us-west-2"

    def client(self, service: str) -> FakeIam:
        """Mirror the real session."""
        assert service == "iam"
        return self.iam


def test_the_user_has_every_policy_and_a_key_of_its_own() -> None:
    """The session signs with that key, so the account refuses whatever the policies leave out."""
    iam, documents = FakeIam(), [{"Statement": [1]}, {"Statement": [2]}]
    opened = open_as_user(cast("Session", Owner(iam)), "http://127.0.0.1:1", documents)
    assert [iam.documents[name] for name in iam.attached[USER]] == documents
    credentials = opened.client("sts")._client._request_signer._credentials
    assert (credentials.access_key, opened.region) == ("AKIA1", "us-west-2")
