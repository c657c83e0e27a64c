"""What S3 and Secrets Manager do with a customer's key for their caller, who needs the right to it besides.

Sources: "Using server-side encryption with AWS KMS keys (SSE-KMS)", Amazon S3 User Guide,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html, and "Secret encryption and decryption in
AWS Secrets Manager", https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from rehearsal.emulator.iam import reference
from rehearsal.emulator.iam.api_call import ApiCall
from rehearsal.emulator.iam.requirements import Keys, Requirement, State, tag_keys
from rehearsal.emulator.iam.resources import ARN, arns_of

NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "s3:GetObject": ("kms:Decrypt",),
        "s3:PutObject": ("kms:GenerateDataKey",),
        "secretsmanager:CreateSecret": ("kms:Decrypt", "kms:GenerateDataKey"),
        "secretsmanager:GetSecretValue": ("kms:Decrypt",),
        "secretsmanager:PutSecretValue": ("kms:Decrypt", "kms:GenerateDataKey"),
    }
)
"""What each action needs on the key; one of another service needs nothing of its caller."""

GIVEN = "KmsKeyId"
KEY = "AWS::KMS::Key"
ALWAYS = "(always)"

DECIDED_BY: Mapping[str, str] = MappingProxyType(
    {
        "kms:DisableKey": "Enabled",
        "kms:DisableKeyRotation": "EnableKeyRotation",
        "kms:EnableKey": "Enabled",
        "kms:EnableKeyRotation": "EnableKeyRotation",
        "kms:ScheduleKeyDeletion": ALWAYS,
        "kms:UpdateKeyDescription": "Description",
    }
)
"""The properties that decide whether the handler of a key calls an action."""

BESIDES: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    dict.fromkeys(
        (("AWS::SecretsManager::Secret", "create"), ("AWS::SecretsManager::Secret", "update")),
        NEEDED["secretsmanager:CreateSecret"],
    )
)
"""What Secrets Manager asks of the caller of a handler. Source as above."""


def of_call(call: ApiCall, state: State) -> Iterator[Requirement]:
    """Yield what a call requires of the keys of what it reads and writes."""
    action = reference.find(call.action)
    if action is None or call.action not in NEEDED:
        return
    given = [value for value in call.values(GIVEN) if value.startswith(ARN)]
    named = [state.key_of(arn) for arn, _ in arns_of(call, action, state.names())]
    for key in dict.fromkeys([*given, *named]):
        yield from of_action(call.action, key, call.region, state)


def of_action(action: str, key: str, region: str, state: State) -> Iterator[Requirement]:
    """Yield what an action requires of a key; nothing without one."""
    if not key:
        return
    via = {"kms:viaservice": f"{action.partition(':')[0]}.{region}.amazonaws.com", "aws:securetransport": "true"}
    for needed in NEEDED.get(action, ()):
        yield Requirement(action=needed, resource=key, keys={**tag_keys(state.tags(key)), **via})


def is_use(action: str, kind: str) -> bool:
    """Whether a handler that calls an action uses the key of a resource; that of keys works on the key itself."""
    return action.startswith("kms:") and kind != KEY


def of_resource(action: str, arns: Iterable[str], service: str, given: Keys, state: State) -> Iterator[Requirement]:
    """Yield an action on each key among the ARNs that a resource names."""
    for arn in arns:
        if ":kms:" in arn:
            via = f"{service}.{arn.split(':')[3]}.amazonaws.com"
            keys = {**tag_keys(state.tags(arn)), **given, "kms:viaservice": via}
            yield Requirement(action=action, resource=arn, keys=keys)


def new_arns(before: object, after: object) -> Iterator[str]:
    """Yield the ARNs that the properties of a resource have after a change and not before it."""
    known = frozenset(arns_in(before))
    return (arn for arn in dict.fromkeys(arns_in(after)) if arn not in known)


def arns_in(value: object) -> Iterator[str]:
    """Yield every ARN in a value, also in those within it."""
    if isinstance(value, str) and value.startswith(ARN):
        yield value
    for inner in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from arns_in(inner)
