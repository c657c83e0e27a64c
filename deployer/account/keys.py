"""Looks whether the KMS keys that a YAML names work, and let CloudWatch Logs use them, before anything is created.

Source: "Encrypt log data in CloudWatch Logs using AWS KMS",
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from deployer.aws.errors import DENIED, AwsRefusal
from deployer.aws.kms import ABSENT
from deployer.aws.session import Session
from spec.aws_facts.regions import dns_suffix, partition_of
from spec.environment import Environment
from spec.errors import Refusal
from spec.sections.encryption import STORES

WORKS = "Enabled"
LOGS_ACTIONS = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")


class KeyRefusal(Refusal):
    """A key of the YAML cannot encrypt the environment."""


def refuse_keys(name: str, faults: Sequence[str]) -> None:
    """Refuse keys with faults. Raises `KeyRefusal`."""
    if faults:
        raise KeyRefusal(
            f"{name} cannot use what is below encryption; nothing was changed.",
            why="\n".join(faults),
            next_step="Name another key there, or ask whoever owns this one to change it.",
        )


def key_faults(env: Environment, session: Session) -> tuple[str, ...]:
    """Return why the keys of the YAML do not fit, in sentences."""
    return tuple(fault for arn in env.encryption.given for fault in _faults(env, session, arn))


def logs_statement(env: Environment) -> Mapping[str, Any]:
    """Return what the policy of a key must say for the log groups of an environment."""
    groups = f"arn:{partition_of(env.aws.region)}:logs:{env.aws.region}:{env.aws.account}:log-group:{env.name}-*"
    return {
        "Sid": "LogGroupsOfEnvironment",
        "Effect": "Allow",
        "Principal": {"Service": _logs_service(env)},
        "Action": list(LOGS_ACTIONS),
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    }


def _logs_service(env: Environment) -> str:
    return f"logs.{env.aws.region}.{dns_suffix(env.aws.region)}"


def _faults(env: Environment, session: Session, arn: str) -> Iterator[str]:
    stores = ", ".join(store for store in STORES if env.encryption.of(store) == arn)
    try:
        state = session.kms.state(arn)
    except AwsRefusal as error:
        if error.code not in DENIED:
            raise
        yield f"{arn}, for {stores}: the credentials may not use it. Neither its policy nor IAM allows kms:DescribeKey."
        return
    if state == ABSENT:
        yield f"{arn}, for {stores}: there is no such key."
    elif state != WORKS:
        yield f"{arn}, for {stores}: it is {state}, and encrypts nothing so."
    elif env.encryption.of("logs") == arn and not _lets_logs(env, session, arn):
        statement = json.dumps(logs_statement(env))
        yield f"{arn}, for {stores}: its policy does not let CloudWatch Logs use it. Add to it: {statement}"


def _lets_logs(env: Environment, session: Session, arn: str) -> bool:
    """Whether a statement names the service; a policy that we may not read counts as one that does."""
    try:
        policy = json.loads(session.kms.policy(arn))
    except AwsRefusal as error:
        if error.code not in DENIED:
            raise
        return True
    return any(
        statement.get("Effect") == "Allow" and _logs_service(env) in _services(statement.get("Principal"))
        for statement in _list(policy.get("Statement"))
    )


def _services(principal: Any) -> list[Any]:
    return _list(principal.get("Service")) if isinstance(principal, Mapping) else []


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
