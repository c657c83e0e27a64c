"""The `encryption` section: the KMS keys that encrypt what an environment keeps."""

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from spec.section import Section, Violation, refuse
from spec.sections.aws import Aws

CREATE = "create"
OF_AWS = "aws"
_ARN_PATTERN = r"arn:aws[a-z-]*:kms:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):key/[A-Za-z0-9-]+"
_SCHEMA_PATTERN = rf"^({OF_AWS}|{CREATE}|arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{{12}}:key/[A-Za-z0-9-]+)$"
EXAMPLE = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def _key(value: str) -> str:
    if value not in {CREATE, OF_AWS} and not re.fullmatch(_ARN_PATTERN, value):
        alias = "policies know keys and no aliases: name the key itself, " if ":alias/" in value else ""
        refuse(f"{value!r} is no key", hint=f"{alias}{CREATE}, {OF_AWS} or the ARN of a key, such as {EXAMPLE}")
    return value


Key = Annotated[str, AfterValidator(_key), Field(json_schema_extra={"pattern": _SCHEMA_PATTERN})]


class Encryption(Section):
    """The KMS keys that encrypt what an environment keeps. Everything is encrypted in any case."""

    key: Key = OF_AWS
    """The key of every store that names no other below. `aws`: the key that AWS has for the service, which costs
    nothing. `create`: a key of the environment's own. Or the ARN of a key of yours in the same account and region.
    Default aws."""

    database: Key | None = None
    """The key of the RDS instance and its backups. A deployed database keeps its key: another one would replace it.
    Default as `key`. Source: KmsKeyId, AWS::RDS::DBInstance, AWS CloudFormation Template Reference."""

    file_system: Key | None = None
    """The key of the EFS file system. A deployed one keeps its key: another one would replace it. Default as `key`."""

    images: Key | None = None
    """The key of the image repository. A deployed one keeps its key: another one would replace it. Default as `key`."""

    buckets: Key | None = None
    """The key of the buckets for code and task logs; objects that are there keep theirs. The bucket of access logs has
    S3's own key, since load balancers write to no other. Default as `key`."""

    logs: Key | None = None
    """The key of the log groups; lines that are there keep theirs. Default as `key`."""

    secrets: Key | None = None
    """The key of the secrets; values that are there keep theirs until they change. Default as `key`."""

    def of(self, store: str) -> str | None:
        """Return `create` or the ARN of the key of a store, such as `buckets`; None for the key of AWS."""
        key: str = getattr(self, store) or self.key
        return None if key == OF_AWS else key

    @property
    def creates(self) -> bool:
        """Whether the environment has a key of its own."""
        return any(self.of(store) == CREATE for store in STORES)

    @property
    def given(self) -> tuple[str, ...]:
        """The ARNs of keys that are there already, each once."""
        keys = dict.fromkeys(self.of(store) for store in STORES)
        return tuple(key for key in keys if key and key != CREATE)


STORES = tuple(name for name in Encryption.model_fields if name != "key")
"""What an environment keeps, by the names of the keys in the YAML."""


def check_encryption(encryption: Encryption, aws: Aws) -> Iterator[Violation]:
    """Yield each key of another region or account, which the services here could not use."""
    for name in ("key", *STORES):
        found = re.fullmatch(_ARN_PATTERN, getattr(encryption, name) or "")
        if found and found["region"] != aws.region:
            hint = f"name a key of {aws.region}, or a replica there of a multi-Region key"
            yield Violation(f"this key is in {found['region']}, and the environment in {aws.region}", hint, (name,))
        elif found and found["account"] != aws.account:
            hint = f"name a key of account {aws.account}"
            yield Violation(f"this key is in another account than {aws.account}", hint, (name,))


def check_own_key(encryption: Encryption) -> Iterator[Violation]:
    """Yield each line by which an environment that deletes itself would have a key: nobody deletes that in time."""
    for name in ("key", *STORES):
        if getattr(encryption, name) == CREATE:
            hint = "name a key of yours by its ARN, which all branches can share, or remove ttl"
            yield Violation(
                "an environment that deletes itself has no key of its own: KMS keeps it for weeks after the end",
                hint,
                ("encryption", name),
            )
