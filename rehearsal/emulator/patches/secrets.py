"""`Ref` of a secret is its ARN, and a generated value has the length and characters that the template wants."""

from typing import Any

from ministack.services.cloudformation import provisioners

from rehearsal.emulator.patches.handlers import Created, ResourceHandlers
from rehearsal.emulator.patches.rebinding import rebind
from rehearsal.emulator.rules.secret_strings import secret_string

KIND = "AWS::SecretsManager::Secret"


def apply(handlers: ResourceHandlers) -> None:
    """Replace the generated values, what `Ref` returns, and the delete that goes with it."""
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


def _name(arn: str) -> str:
    """Return the name in a secret's ARN, which ends with a hyphen and six characters."""
    return arn.split(":", 6)[-1][:-7]
