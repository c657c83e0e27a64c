"""Who calls the emulator's API: the deployer, the emulator itself, and sessions of roles with keys of their own."""
# ruff: noqa: SLF001  MiniStack has no public names for its tables

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import iam, sts

from rehearsal.emulator.rules import fake_clock
from rehearsal.emulator.rules.settings import Settings

SESSION_SECONDS = 6 * 3600
EMULATOR = "AKIAEMULATORITSELF00"
"""The access key of the emulator's calls to itself: what a service does after it was allowed to."""
DEPLOYER = "deployer"
SECRET_BYTES = 30


@dataclass(frozen=True, kw_only=True)
class Principal:
    """A principal with its policies."""

    arn: str
    kind: str
    policies: list[Any] | None
    """As MiniStack parses them; None when everything is allowed."""
    limits: tuple[Any, ...] = ()
    """A permissions boundary and session policies."""
    keys: dict[str, Any] | None = None


class Principals:
    """All principals of one emulator."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.secret_key = secrets.token_urlsafe(SECRET_BYTES)
        """Signs the emulator's calls to itself."""

    def secret_key_of(self, access_key: str, token: str) -> str | None:
        """Return the secret key that belongs to an access key and a session token; None when there is none."""
        if access_key == EMULATOR:
            return self.secret_key
        if access_key == self._settings.account:
            return self._settings.secret_key
        found = iam_evaluator.resolve_credential(access_key, self._settings.account, token)
        return getattr(found, "secret_access_key", None)

    def find(self, access_key: str) -> Principal:
        """Return the principal of an access key whose signature was right."""
        if access_key == EMULATOR:
            return Principal(arn=f"arn:aws:iam::{self._settings.account}:root", kind="Root", policies=None)
        if access_key == self._settings.account:
            return self.deployer()
        found = iam_evaluator.resolve_principal(access_key, self._settings.account)
        return Principal(
            arn=found.arn, kind=found.type, policies=found.policies, limits=tuple(found.limits), keys=found.keys
        )

    def deployer(self) -> Principal:
        """Return who uses the key of the session: an administrator, unless the session was given policies."""
        documents = self._settings.deployer_policies
        policies = [iam_evaluator.parse_policy_document(document) for document in documents] if documents else None
        return Principal(arn=f"arn:aws:iam::{self._settings.account}:user/{DEPLOYER}", kind="User", policies=policies)

    def of_role(self, role_arn: str, session: str) -> Principal | None:
        """Return a role as a service uses it; None when there is no such role."""
        name = role_arn.rpartition("/")[2]
        role = iam._roles.get(name)
        if role is None or role["Arn"] != role_arn:
            return None
        account = self._settings.account
        return Principal(
            arn=f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
            kind="AssumedRole",
            policies=iam_evaluator._gather_role_policies(name, account),
            limits=tuple(iam_evaluator._permissions_boundary(iam._roles, name, account)),
        )

    def open_session(self, role_arn: str, session: str) -> dict[str, str]:
        """Return new credentials of a role, as the metadata endpoint of ECS answers with them."""
        name = role_arn.rpartition("/")[2]
        expiration = fake_clock.now_of_containers(self._settings.path) + SESSION_SECONDS
        access_key, secret, token = iam._gen_session_access_key(), iam._gen_secret(), iam._gen_session_token()
        entry = {
            "Arn": f"arn:aws:sts::{self._settings.account}:assumed-role/{name}/{session}",
            "UserId": f"{(iam._roles.get(name) or {}).get('RoleId', 'AROA')}:{session}",
            "AccountId": self._settings.account,
            "SecretAccessKey": secret,
            "SessionToken": token,
            "Expiration": expiration,
            "PrincipalType": "AssumedRole",
        }
        sts.register_session(access_key, entry)
        end = datetime.fromtimestamp(expiration, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        keys = {"AccessKeyId": access_key, "SecretAccessKey": secret, "Token": token}
        return {**keys, "Expiration": end, "RoleArn": role_arn}


def trusts(role_arn: str, service: str, keys: dict[str, str]) -> bool:
    """Return whether the trust policy of a role lets an AWS service assume it, on behalf of the source in the keys."""
    role = iam._roles.get(role_arn.rpartition("/")[2])
    if role is None or role["Arn"] != role_arn:
        return False
    document = role["AssumeRolePolicyDocument"]
    parsed = json.loads(document) if isinstance(document, str) else document
    context = iam_evaluator.EvalContext(service, "Service", "", "sts:AssumeRole", role_arn, "")
    context.service_context = {name.lower(): value for name, value in keys.items()}
    named = [
        one
        for one in parsed.get("Statement", [])
        if iam_evaluator._service_principal_matches(one.get("Principal"), service)
    ]
    without = {"Statement": [{**one, "Resource": "*"} for one in named]}
    return bool(iam_evaluator.evaluate(context, [iam_evaluator.parse_policy_document(without)]).decision == "Allow")
