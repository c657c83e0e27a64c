"""Service-linked roles, which services of AWS assume and which a new account lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployer.aws.errors import AwsRefusal

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient

_TAKEN = "has been taken"


@dataclass(frozen=True)
class Iam:
    """IAM, which has no region."""

    client: IAMClient

    def has_role(self, name: str) -> bool:
        """Return whether the account has a role of this name."""
        try:
            self.client.get_role(RoleName=name)
        except AwsRefusal as error:
            if error.code == "NoSuchEntity":
                return False
            raise
        return True

    def create_service_linked_role(self, service: str) -> None:
        """Create the role of a service, such as `ecs.amazonaws.com`; one that is there already is no error."""
        try:
            self.client.create_service_linked_role(AWSServiceName=service)
        except AwsRefusal as error:
            if error.code != "InvalidInput" or _TAKEN not in f"{error} {error.why}":
                raise
