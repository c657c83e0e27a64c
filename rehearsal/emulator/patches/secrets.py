"""`Ref` of a secret is its ARN, and a generated value is as long and as plain as the template asks."""
# ruff: noqa: SLF001  what needs correcting is not public

import json
import secrets
import string
from typing import Any

from ministack.services.cloudformation import provisioners

from rehearsal.emulator.patches import handlers

KIND = "AWS::SecretsManager::Secret"
DEFAULT_LENGTH = 32
PUNCTUATION = string.punctuation
"""https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html"""


def apply() -> None:
    """Replace how values are generated, what `Ref` gives, and the delete that goes with it."""
    create = handlers.theirs(KIND)["create"]
    update = handlers.theirs(KIND)["update"]
    provisioners._sm_secret_string = secret_string

    def create_by_arn(logical_id: str, properties: Any, stack: str) -> handlers.Created:
        _, attributes = create(logical_id, properties, stack)
        return attributes["Id"], attributes

    def update_by_arn(physical_id: str, old: Any, new: Any, stack: str, logical_id: Any = None) -> handlers.Created:
        name, attributes = update(_name(physical_id), old, new, stack, logical_id)
        return (physical_id if name == _name(physical_id) else attributes["Id"]), attributes

    def delete_by_arn(physical_id: str, _properties: Any) -> None:
        handlers.api("secretsmanager").delete_secret(SecretId=physical_id, ForceDeleteWithoutRecovery=True)

    handlers.put(KIND, create=create_by_arn, update=update_by_arn, delete=delete_by_arn)


def _name(arn: str) -> str:
    """The name in a secret's ARN, which ends with a hyphen and six characters."""
    return arn.split(":", 6)[-1][:-7]


def secret_string(properties: dict[str, Any]) -> str:
    """The value a template declares or has generated."""
    wanted = properties.get("GenerateSecretString")
    given = str(properties.get("SecretString", ""))
    if given or not wanted:
        return given
    value = generate(wanted)
    if "SecretStringTemplate" not in wanted:
        return value
    return json.dumps({**json.loads(wanted["SecretStringTemplate"]), wanted["GenerateStringKey"]: value})


def generate(wanted: dict[str, Any]) -> str:
    """A random value by the rules of `GenerateSecretString`."""
    groups = [group for group in _groups(wanted) if group]
    alphabet = "".join(groups)
    length = int(wanted.get("PasswordLength", DEFAULT_LENGTH))
    required = [secrets.choice(group) for group in groups] if _true(wanted, "RequireEachIncludedType", "true") else []
    characters = required + [secrets.choice(alphabet) for _ in range(length - len(required))]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)


def _groups(wanted: dict[str, Any]) -> list[str]:
    excluded = wanted.get("ExcludeCharacters", "")
    switches = {
        "ExcludeLowercase": string.ascii_lowercase,
        "ExcludeUppercase": string.ascii_uppercase,
        "ExcludeNumbers": string.digits,
        "ExcludePunctuation": PUNCTUATION,
    }
    groups = [group for switch, group in switches.items() if not _true(wanted, switch)]
    if _true(wanted, "IncludeSpace"):
        groups.append(" ")
    return ["".join(character for character in group if character not in excluded) for group in groups]


def _true(wanted: dict[str, Any], switch: str, default: str = "false") -> bool:
    return str(wanted.get(switch, default)).lower() == "true"
