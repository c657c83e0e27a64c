"""Secrets, read only when somebody asked for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


@dataclass(frozen=True)
class SecretsManager:
    """Secrets Manager in one region."""

    client: SecretsManagerClient

    def read(self, arn: str) -> str:
        """Return the value of a secret; raises `AwsRefusal`. It must reach no log and no error."""
        return self.client.get_secret_value(SecretId=arn)["SecretString"]
