"""The KMS key of each store: the one that the environment makes, one that is there already, or none of a customer."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from compiler.model import stack_values as values
from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from spec.environment import Environment
from spec.sections.encryption import CREATE

OWN_KEY = "KmsKeyId"
"""The property of most types that names a key."""

VIA = "kms:ViaService"

SERVICES: Mapping[str, tuple[str, str, Mapping[str, str]]] = MappingProxyType(
    {
        "s3": ("buckets", "UseKeyOfBuckets", {"s3:GetObject": "kms:Decrypt", "s3:PutObject": "kms:GenerateDataKey"}),
        "secretsmanager": ("secrets", "UseKeyOfSecrets", {"secretsmanager:GetSecretValue": "kms:Decrypt"}),
    }
)
"""The services that use a key with the rights of their caller: what they store, and what an action of theirs needs."""


def key_of(env: Environment, stack: StackBuilder, store: str) -> Any:
    """Return the ARN of the key of a store, such as `buckets`; None where AWS's own key encrypts it."""
    key = env.encryption.of(store)
    return stack.parameter(values.ENCRYPTION_KEY) if key == CREATE else key


def encrypted(env: Environment, stack: StackBuilder, store: str) -> dict[str, Any]:
    """Return the property with the key of a store; none where AWS's own key encrypts it."""
    key = key_of(env, stack, store)
    return {OWN_KEY: key} if key else {}


def key_permissions(env: Environment, source: str, permissions: Iterable[Permission]) -> Iterator[Permission]:
    """Yield the right to use the keys of what `permissions` let `source` read and write, by their services alone.

    Sources: "Using server-side encryption with AWS KMS keys",
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html, and "Secret encryption and
    decryption", https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    """
    called = {action for permission in permissions for action in permission.actions}
    for service, (store, sid, needed) in SERVICES.items():
        actions = tuple(needed[action] for action in needed if action in called)
        key = env.encryption.of(store)
        if key and actions:
            yield Permission(
                source=source,
                sid=sid,
                actions=actions,
                resources=(f"${{{values.ENCRYPTION_KEY.title}}}" if key == CREATE else key,),
                why="what a key of yours encrypts",
                conditions={"StringEquals": {VIA: f"{service}.${{AWS::Region}}.${{AWS::URLSuffix}}"}},
            )
