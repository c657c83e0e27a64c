"""Secrets, read only on request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deployer.aws.errors import AwsRefusal

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


@dataclass(frozen=True)
class Held:
    """What a secret holds; its value is shown nowhere, so that no log has it."""

    version: str
    value: str = field(repr=False)


@dataclass(frozen=True)
class SecretsManager:
    """Secrets Manager in one region."""

    client: SecretsManagerClient

    def read(self, arn: str) -> str:
        """Return the value of a secret; raises `AwsRefusal`. It must reach no log and no error."""
        return self.client.get_secret_value(SecretId=arn)["SecretString"]

    def held(self, name: str) -> Held | None:
        """Return the current value of a secret, None when there is no such secret. It must reach no log."""
        try:
            answer = self.client.get_secret_value(SecretId=name)
        except AwsRefusal as error:
            if error.code in {"ResourceNotFound", "ResourceNotFoundException"}:
                return None
            raise
        return Held(answer["VersionId"], answer["SecretString"])

    def fill(self, name: str, value: str) -> None:
        """Give a secret that exists a new value; raises `AwsRefusal`."""
        self.client.put_secret_value(SecretId=name, SecretString=value)
