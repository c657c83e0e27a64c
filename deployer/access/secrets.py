"""The secrets of an environment that people fill by hand: below its prefix, tagged, and restorable for a while."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from compiler.contract import BRANCH_TAG, ENCRYPTION_KEY, ENVIRONMENT_TAG, client_secret_name, secret_prefix
from deployer.aws.errors import AwsRefusal
from deployer.aws.secrets_manager import Found
from deployer.aws.session import Session
from deployer.stacks.tags import stack_tags
from spec.environment import Environment
from spec.errors import Refusal
from spec.sections.encryption import CREATE
from spec.sections.secret_source import SecretSource

RECOVERY_DAYS = 30
"""The longest that Secrets Manager offers. Source: DeleteSecret, Secrets Manager API reference."""

_NAME = re.compile(r"[A-Za-z0-9_+=.@-]+(/[A-Za-z0-9_+=.@-]+)*")
_LONGEST = 65_536
"""Characters of a value. Source: CreateSecret, Secrets Manager API reference."""
_HASH_DIGITS = 16
_DENIED = frozenset({"AccessDeniedException", "AccessDenied"})


class SecretRefusal(Refusal):
    """A secret cannot be set, removed or found."""

    exit_code = 2


class MissingSecretsRefusal(Refusal):
    """Secrets that the YAML names are not there."""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A secret or parameter: the variables that it fills, and the version of its value.

    The version is empty while there is no value, and None where we may not look.
    """

    name: str
    kind: str
    variables: tuple[str, ...]
    version: str | None
    ends: datetime | None = None

    @property
    def filled(self) -> bool | None:
        """Whether it has a value; None where we may not look."""
        return None if self.version is None else bool(self.version)


class Place(NamedTuple):
    """Where a value lies: a secret or a parameter, and its name."""

    kind: str
    name: str


def own_name(env: Environment, name: str) -> str:
    """Return the whole name of a secret of the environment; raises `SecretRefusal` for what is no name."""
    short = name.removeprefix(secret_prefix(env))
    if not _NAME.fullmatch(short):
        raise SecretRefusal(
            f"{name!r} cannot name a secret.",
            next_step="Use letters, digits and _+=.@- between slashes, such as token.",
        )
    whole = f"{secret_prefix(env)}{short}"
    if re.fullmatch(r".*-[A-Za-z0-9]{6}", whole):
        raise SecretRefusal(
            f"{whole} ends with a hyphen and six characters, as the ARN of a secret does.",
            next_step="Choose a name that ends in another way.",
        )
    return whole


def set_secret(env: Environment, session: Session, name: str, value: str) -> None:
    """Store a value; one that was deleted comes back. Raises `SecretRefusal` before anything is stored."""
    whole = own_name(env, name)
    _refuse_unfit(env, whole, value)
    found = session.secrets.find(whole)
    if found is None:
        description = f"{env.name}: set by windsock secrets set"
        session.secrets.create(whole, value, description, stack_tags(env), key=_key(env, session))
        return
    _refuse_foreign(env, found)
    if found.ends:
        session.secrets.restore(whole)
    session.secrets.fill(whole, value)


def _key(env: Environment, session: Session) -> str:
    """Return the ARN of the key of the environment's secrets; empty for that of AWS, and while there is no own one."""
    key = env.encryption.of("secrets") or ""
    if key != CREATE:
        return key
    stack = session.cloudformation.stack(env.name)
    return stack.outputs.get(ENCRYPTION_KEY, "") if stack else ""


def remove_secret(env: Environment, session: Session, name: str) -> datetime:
    """Let a secret end after a recovery window; returns when that is over."""
    whole = own_name(env, name)
    if whole == client_secret_name(env):
        raise SecretRefusal(f"{whole} belongs to the stacks of {env.name}.", next_step="It goes when they do.")
    found = session.secrets.find(whole)
    if found is None:
        raise SecretRefusal(f"There is no secret {whole}.", next_step="`windsock secrets list` shows which there are.")
    _refuse_foreign(env, found)
    return found.ends or session.secrets.delete(whole, RECOVERY_DAYS)


def remove_secrets(env: Environment, session: Session) -> Iterator[tuple[str, datetime]]:
    """Let every secret end that somebody set for the environment; yield its name and until when it can be restored."""
    for name in session.secrets.below(secret_prefix(env)):
        found = session.secrets.find(name)
        if found and found.ends is None and _is_own(env, found):
            yield name, session.secrets.delete(name, RECOVERY_DAYS)


def list_secrets(env: Environment, session: Session) -> tuple[Listed, ...]:
    """Return what the YAML names and what else was set, with whether it is there; no value is read."""
    used = _used(env)
    own = {Place("secret", name) for name in session.secrets.below(secret_prefix(env))}
    if client := client_secret_name(env):
        own.add(Place("secret", client))
    return tuple(_listed(session, place, tuple(used.get(place, ()))) for place in sorted({*used, *own}))


def used_secrets(env: Environment, session: Session) -> tuple[Listed, ...]:
    """Return what the YAML names, with the versions of the values; no value is read."""
    return tuple(_listed(session, place, tuple(names)) for place, names in sorted(_used(env).items()))


def versions_of(used: Iterable[Listed]) -> str:
    """Return a hash over the versions of all values, with which it changes; empty where there are none."""
    versions = sorted(f"{each.kind} {each.name} {each.version}" for each in used if each.version)
    return hashlib.sha256("\n".join(versions).encode()).hexdigest()[:_HASH_DIGITS] if versions else ""


def refuse_missing(env: Environment, used: Iterable[Listed]) -> None:
    """Raise `MissingSecretsRefusal` for all that nobody has filled; what we may not look at counts as filled."""
    missing = [each for each in used if each.filled is False]
    if not missing:
        return
    prefix = secret_prefix(env)
    own = [each.name.removeprefix(prefix) for each in missing if each.name.startswith(prefix)]
    step = f"Store it with `windsock secrets set ENV {own[0]}`" if own else "Store it with the AWS CLI"
    raise MissingSecretsRefusal(
        f"{env.name} needs {len(missing)} secrets that are not there; nothing was changed.",
        why="\n".join(f"{each.kind} {each.name}, for {', '.join(each.variables)}" for each in missing),
        next_step=f"{step}, then deploy again.",
    )


def _used(env: Environment) -> dict[Place, list[str]]:
    used: dict[Place, list[str]] = {}
    for variable, source in env.secret_sources.items():
        used.setdefault(_place(source), []).append(variable)
    return used


def _place(source: SecretSource) -> Place:
    return Place("parameter", source.parameter) if source.parameter else Place("secret", source.secret or "")


def _listed(session: Session, place: Place, variables: tuple[str, ...]) -> Listed:
    version: str | None = None
    ends = None
    try:
        if place.kind == "parameter":
            version = _version_of_parameter(session, place.name)
        elif _is_of_region(session, place.name):
            found = session.secrets.find(place.name)
            version, ends = (found.version if found.ends is None else "", found.ends) if found else ("", None)
    except AwsRefusal as error:
        if error.code not in _DENIED:
            raise
    return Listed(name=place.name, kind=place.kind, variables=variables, version=version, ends=ends)


def _version_of_parameter(session: Session, name: str) -> str | None:
    """Return the version of a parameter, empty when there is none; None for one of another region or account."""
    here = f":ssm:{session.region}:{session.account}:parameter"
    if ":" in name and here not in name:
        return None
    names = {name.rpartition(":parameter")[2]}
    if ":" in name:  # the ARN of a parameter without a path has a slash too
        names |= {bare for each in names if "/" not in (bare := each.removeprefix("/"))}
    return next(map(str, session.parameters.versions(sorted(names)).values()), "")


def _is_of_region(session: Session, name: str) -> bool:
    """Whether a call in this region finds a secret: for the ARN of another one, AWS knows none."""
    return ":" not in name or f":secretsmanager:{session.region}:" in name


def _refuse_foreign(env: Environment, found: Found) -> None:
    if not _is_own(env, found):
        raise SecretRefusal(
            f"There is a secret {found.name}, but Windsock did not make it for {env.name}.",
            why=f"Its tag {ENVIRONMENT_TAG} is {found.tags.get(ENVIRONMENT_TAG, 'missing')}.",
            next_step="Use the AWS CLI for it, or choose another name.",
        )


def _is_own(env: Environment, found: Found) -> bool:
    return found.tags.get(ENVIRONMENT_TAG) == env.name and found.tags.get(BRANCH_TAG, "") == env.branch


def _refuse_unfit(env: Environment, whole: str, value: str) -> None:
    """Refuse a value that the YAML could not use; its text is quoted nowhere."""
    if not value or len(value) > _LONGEST:
        raise SecretRefusal(
            f"The value of {whole} is {'empty' if not value else 'too long'}.",
            next_step=f"Give 1 to {_LONGEST:,} characters.",
        )
    sources = env.secret_sources.values()
    wanted = {source.key for source in sources if source.secret == whole and source.key}
    if lacking := sorted(wanted - _keys(value)):
        raise SecretRefusal(
            f"The YAML uses the keys {', '.join(lacking)} of {whole}, and the value does not have them.",
            next_step="Pipe in a JSON object with these keys.",
        )


def _keys(value: str) -> set[str]:
    try:
        document = json.loads(value)
    except ValueError:
        return set()
    return set(document) if isinstance(document, dict) else set()
