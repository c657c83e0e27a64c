"""The keys that a YAML names are made before a rehearsal, with policies that let its environment use them."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from acceptance.seed.keys import make_keys
from rehearsal.emulator.rules.given_arns import GIVEN_ARN
from tests.spec.minimal import minimal

if TYPE_CHECKING:
    from deployer.aws.session import Session

ARN = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@dataclass
class Client:
    """A KMS that notes what is made."""

    made: list[dict[str, Any]] = field(default_factory=list)

    def client(self, service: str) -> "Client":
        """Return the client."""
        assert service == "kms"
        return self

    def create_key(self, **arguments: Any) -> None:
        """Note a key."""
        self.made.append(arguments)


def test_each_key_of_the_yaml_is_made_once_under_its_arn() -> None:
    """For the account and its log groups; without keys nothing is made."""
    kms = Client()
    make_keys(cast("Session", kms), minimal(more=f"encryption: {{logs: '{ARN}', secrets: '{ARN}'}}\n"))
    (made,) = kms.made
    assert made["Tags"] == [{"TagKey": GIVEN_ARN, "TagValue": ARN}]
    account, logs = json.loads(made["Policy"])["Statement"]
    assert account["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert logs["Principal"] == {"Service": "logs.us-west-2.amazonaws.com"}
    kms.made.clear()
    make_keys(cast("Session", kms), minimal())
    assert kms.made == []
