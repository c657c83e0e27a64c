"""Secrets are found by name, by whole ARN or by one without its end; `Ref` is the ARN; values are made as wanted.

An ARN without the hyphen and six characters that Secrets Manager adds means the secret of exactly that name, not one
whose name begins so: https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html
"""

import re
from collections.abc import Callable
from typing import Any

from ministack.services import secretsmanager
from ministack.services.cloudformation import provisioners

from rehearsal.emulator.patches.handlers import Created, ResourceHandlers
from rehearsal.emulator.patches.rebinding import rebind
from rehearsal.emulator.rules.secret_strings import secret_string

KIND = "AWS::SecretsManager::Secret"
_RANDOM_END = re.compile(r"-[A-Za-z0-9]{6}")


def apply(handlers: ResourceHandlers) -> None:
    """Replace how secrets are found, the generated values, what `Ref` returns, and the delete that goes with it."""
    rebind(secretsmanager, "_resolve", _resolving, takes="secret_id use_arn_scope")
    create, update = handlers.original(KIND, "create"), handlers.original(KIND, "update")
    rebind(provisioners, "_sm_secret_string", lambda _: secret_string, takes="props")

    def create_by_arn(logical_id: str, properties: Any, stack: str) -> Created:
        _, attributes = create(logical_id, properties, stack)
        return attributes["Id"], attributes

    def update_by_arn(physical_id: str, old: Any, new: Any, stack: str, logical_id: Any) -> Created:
        name, attributes = update(_name(physical_id), old, new, stack, logical_id)
        return (physical_id if name == _name(physical_id) else attributes["Id"]), attributes

    def delete_by_arn(physical_id: str, _properties: Any) -> None:
        handlers.api("secretsmanager").delete_secret(SecretId=physical_id, ForceDeleteWithoutRecovery=True)

    handlers.put(KIND, create=create_by_arn, update=update_by_arn, delete=delete_by_arn)


def _resolving(resolve: Callable[..., Any]) -> Callable[..., Any]:
    def exactly(secret_id: str, *, use_arn_scope: bool = False) -> Any:
        key, secret = resolve(secret_id, use_arn_scope=use_arn_scope)
        if secret is None or not secret_id.startswith("arn:"):
            return key, secret
        end = secret["ARN"].removeprefix(secret_id)
        if not end or _RANDOM_END.fullmatch(end):
            return key, secret
        named = resolve(secret_id.split(":", 6)[-1], use_arn_scope=use_arn_scope)
        return named if named[1] and named[1]["ARN"].startswith(secret_id) else (None, None)

    return exactly


def _name(arn: str) -> str:
    """Return the name in a secret's ARN, which ends with a hyphen and six characters."""
    return arn.split(":", 6)[-1][:-7]
