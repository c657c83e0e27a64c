"""Secrets, read only on request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deployer.aws.errors import AwsRefusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_secretsmanager.type_defs import CreateSecretRequestTypeDef, TagTypeDef

_ABSENT = frozenset({"ResourceNotFound", "ResourceNotFoundException"})
_CURRENT = "AWSCURRENT"


@dataclass(frozen=True)
class Held:
    """What a secret holds; its value is shown nowhere, so that no log has it."""

    version: str
    value: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Found:
    """A secret without its value: `version` is empty while it has none, `ends` says until when it can be restored."""

    name: str
    version: str = ""
    ends: datetime | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


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
            if error.code in _ABSENT:
                return None
            raise
        return Held(answer["VersionId"], answer["SecretString"])

    def fill(self, name: str, value: str) -> None:
        """Give a secret that exists a new value; raises `AwsRefusal`."""
        self.client.put_secret_value(SecretId=name, SecretString=value)

    def find(self, name: str) -> Found | None:
        """Return what is known of a secret besides its value, None when there is no such secret."""
        try:
            answer = self.client.describe_secret(SecretId=name)
        except AwsRefusal as error:
            if error.code in _ABSENT:
                return None
            raise
        versions = answer.get("VersionIdsToStages") or {}
        return Found(
            name=answer["Name"],
            version=next((version for version, stages in versions.items() if _CURRENT in stages), ""),
            ends=answer.get("DeletedDate"),
            tags={tag["Key"]: tag["Value"] for tag in answer.get("Tags") or ()},
        )

    def below(self, prefix: str) -> tuple[str, ...]:
        """Return the names of all secrets that begin so, without those that are being deleted."""
        pages = self.client.get_paginator("list_secrets").paginate(Filters=[{"Key": "name", "Values": [prefix]}])
        names = sorted(entry["Name"] for page in pages for entry in page["SecretList"])
        return tuple(name for name in names if name.startswith(prefix))

    def create(self, name: str, value: str, description: str, tags: Mapping[str, str], *, key: str = "") -> None:
        """Make a secret that a key encrypts, that of AWS without one; raises `AwsRefusal`."""
        given: list[TagTypeDef] = [{"Key": key, "Value": text} for key, text in tags.items()]
        request: CreateSecretRequestTypeDef = {
            "Name": name,
            "SecretString": value,
            "Description": description,
            "Tags": given,
        }
        self.client.create_secret(**request, **({"KmsKeyId": key} if key else {}))

    def restore(self, name: str) -> None:
        """Take back the deletion of a secret."""
        self.client.restore_secret(SecretId=name)

    def delete(self, name: str, days: int) -> datetime:
        """Let a secret end after some days, until when it can be restored; returns that time."""
        return self.client.delete_secret(SecretId=name, RecoveryWindowInDays=days)["DeletionDate"]
