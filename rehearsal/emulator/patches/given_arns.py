"""A secret, parameter or key that a template names by its ARN is there under it; the former also elsewhere.

ECS reads them there: "Pass Secrets Manager secrets through Amazon ECS environment variables", Amazon ECS Developer
Guide (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html). What the
policy of a secret in another account says, nobody knows here.
"""
# ruff: noqa: SLF001  MiniStack has no public names for its tables

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ministack.core.responses import get_region, json_response, request_scope
from ministack.services import kms, secretsmanager, ssm

from rehearsal.emulator.patches.rebinding import rebind
from rehearsal.emulator.rules.given_arns import GIVEN_ARN

Request = dict[str, Any]
_ERRORS = 300


def apply() -> None:
    """Replace how secrets, parameters and keys are made, and how one of another account is found: by its ARN."""
    rebind(secretsmanager, "_create_secret", _secret_at, takes="data")
    rebind(ssm, "_put_parameter", _parameter_at, takes="data")
    rebind(kms, "_create_key", _key_at, takes="data")
    rebind(secretsmanager, "_resolve", _resolving, takes="secret_id use_arn_scope")


def _secret_at(create: Callable[[Request], Any]) -> Callable[[Request], Any]:
    def create_at(data: Request) -> Any:
        arn = _given_arn(data)
        if not arn:
            return create(data)
        with _place_of(arn):
            answer = create(_without_tag(data))
            if answer[0] >= _ERRORS:
                return answer
            secret = secretsmanager._secrets[data["Name"]]
            secret["ARN"] = arn
            return json_response({"ARN": arn, "Name": data["Name"], "VersionId": next(iter(secret["Versions"]))})

    return create_at


def _parameter_at(put: Callable[[Request], Any]) -> Callable[[Request], Any]:
    def put_at(data: Request) -> Any:
        arn = _given_arn(data)
        if not arn:
            return put(data)
        with _place_of(arn):
            return put(_without_tag(data))

    return put_at


def _key_at(create: Callable[[Request], Any]) -> Callable[[Request], Any]:
    def create_at(data: Request) -> Any:
        arn = next((str(tag["TagValue"]) for tag in data.get("Tags") or () if tag["TagKey"] == GIVEN_ARN), "")
        answer = create(data)
        if not arn or answer[0] >= _ERRORS:
            return answer
        key = kms._keys.pop(json.loads(answer[2])["KeyMetadata"]["KeyId"])
        key |= {"Arn": arn, "KeyId": arn.rpartition("/")[2], "Tags": []}
        kms._keys[key["KeyId"]] = key
        return json_response({"KeyMetadata": kms._key_metadata(key)})

    return create_at


def _resolving(resolve: Callable[..., Any]) -> Callable[..., Any]:
    def find(secret_id: str, *, use_arn_scope: bool = False) -> Any:
        region = secret_id.split(":")[3] if secret_id.startswith("arn:") else ""
        if not region or not (use_arn_scope or region == get_region()):
            return resolve(secret_id, use_arn_scope=use_arn_scope)
        with _place_of(secret_id):
            return resolve(secret_id, use_arn_scope=use_arn_scope)

    return find


@contextmanager
def _place_of(arn: str) -> Iterator[None]:
    """Act in the account and region of an ARN."""
    region, account = arn.split(":")[3:5]
    with request_scope(account, region):
        yield


def _given_arn(data: Request) -> str:
    return next((str(tag["Value"]) for tag in data.get("Tags") or () if tag["Key"] == GIVEN_ARN), "")


def _without_tag(data: Request) -> Request:
    return {**data, "Tags": [tag for tag in data["Tags"] if tag["Key"] != GIVEN_ARN]}
