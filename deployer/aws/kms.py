"""KMS keys that are there already: whether they work, and what their policies say."""

from dataclasses import dataclass
from typing import Any

from deployer.aws.errors import AwsRefusal

_ABSENT = "NotFoundException"
ABSENT = "absent"


@dataclass(frozen=True)
class Kms:
    """AWS KMS in one region."""

    client: Any

    def state(self, arn: str) -> str:
        """Return the state of a key in the words of KMS, such as `Enabled`, or `absent`; raises `AwsRefusal`."""
        try:
            return str(self.client.describe_key(KeyId=arn)["KeyMetadata"]["KeyState"])
        except AwsRefusal as error:
            if error.code == _ABSENT:
                return ABSENT
            raise

    def policy(self, arn: str) -> str:
        """Return the policy of a key; raises `AwsRefusal`."""
        return str(self.client.get_key_policy(KeyId=arn, PolicyName="default")["Policy"])
