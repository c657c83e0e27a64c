"""Fills the embedded AWS with the secrets that a YAML names, before anything is deployed to it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from acceptance.databases import PASSWORD_THERE
from acceptance.seed.files import DOTENV, SETTINGS, Seed, read_seed
from deployer.aws.session import Session
from rehearsal.emulator.rules.given_arns import GIVEN_ARN
from spec.environment import Environment
from spec.errors import Refusal
from spec.sections.env_vars import CONNECTION, VARIABLE
from spec.sections.secret_source import SecretSource

FERNET_KEY = "AIRFLOW__CORE__FERNET_KEY"
"""The variable that has the key of the Airflow whose dump a rehearsal reads."""

_END = -len("-AbCdEf")
"""What Secrets Manager adds to a name to make an ARN of it."""


@dataclass(frozen=True)
class Stock:
    """Secrets and parameters by their names, or by their ARNs; the values are shown nowhere."""

    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)

    def without(self, held: "Stock") -> "Stock":
        """Return what is not held yet."""
        return Stock(
            {name: value for name, value in self.secrets.items() if name not in held.secrets},
            {name: value for name, value in self.parameters.items() if name not in held.parameters},
        )


class SeedRefusal(Refusal):
    """A rehearsal has no value for a secret that its YAML names."""

    exit_code = 2


def stock_of(env: Environment, folder: Path) -> Stock:
    """Return what the embedded AWS is to hold, by the files in a folder; they are read only if the YAML needs them."""
    needs = env.secret_sources or env.airflow.secrets_backend or env.database.dump
    return stock(env, read_seed(folder)) if needs else Stock()


def stock(env: Environment, seed: Seed) -> Stock:
    """Return what the embedded AWS is to hold; raises `SeedRefusal` with every secret that has no value."""
    values = {**dict.fromkeys(env.database.secret_sources, PASSWORD_THERE), **seed.by_variable}
    missing = [(name, source) for name, source in env.secret_sources.items() if name not in values]
    if missing:
        raise SeedRefusal(
            f"A rehearsal of {env.name} has no value for {len(missing)} of its secrets.",
            why="\n".join(f"{name}: {_described(source)}" for name, source in missing),
            next_step=f"Add a line such as {missing[0][0]}=value to {DOTENV} beside the YAML, or a connection or "
            f"variable to {SETTINGS} there. Neither belongs into git; any value will do that your DAGs can use.",
        )
    _refuse_foreign_parameters(env)
    sources = [(source, values[name]) for name, source in env.secret_sources.items()]
    return Stock(
        secrets={**dict(_of_backend(env, seed)), **_secrets(env, sources), **dict(_fernet_key(env, seed))},
        parameters={_parameter(env, source.parameter): value for source, value in sources if source.parameter},
    )


def _fernet_key(env: Environment, seed: Seed) -> Iterator[tuple[str, str]]:
    """Yield the secret with the key of a dump; raises `SeedRefusal` without a value."""
    name = env.database.dump.fernet_key if env.database.dump else None
    if name is None:
        return
    if FERNET_KEY not in seed.env:
        raise SeedRefusal(
            f"A rehearsal of {env.name} has no value for the secret {name}.",
            why="database.restore_from.fernet_key names it: it reads what the dump has encrypted.",
            next_step=f"Add the line {FERNET_KEY}=value to {DOTENV} beside the YAML; it does not belong into git.",
        )
    yield name, seed.env[FERNET_KEY]


def fill(session: Session, wanted: Stock) -> None:
    """Store everything in the embedded AWS, which holds none of it yet."""
    secrets, parameters = session.client("secretsmanager"), session.client("ssm")
    for given, value in wanted.secrets.items():
        secrets.create_secret(Name=_name_of_secret(given), SecretString=value, **_at(given))
    for given, value in wanted.parameters.items():
        parameters.put_parameter(Name=_name_of_parameter(given), Value=value, Type="SecureString", **_at(given))


def empty(session: Session, held: Stock) -> None:
    """Remove what `fill` stored: it is no part of the environment, and no left-over of it.

    What lies in another region or account ends with the embedded AWS.
    """
    secrets, parameters = session.client("secretsmanager"), session.client("ssm")
    for given in held.secrets:
        if not _is_arn(given) or f":{session.region}:{session.account}:" in given:
            secrets.delete_secret(SecretId=given, ForceDeleteWithoutRecovery=True)
    for given in held.parameters:
        if not _is_arn(given):
            parameters.delete_parameter(Name=given)


def _secrets(env: Environment, sources: list[tuple[SecretSource, str]]) -> dict[str, str]:
    """Return the values of secrets; of one whose keys are used, an object with all of them."""
    by_arn = [source.secret for source, _ in sources if source.secret and _is_own(env, source.secret)]
    arns = {_name_of_secret(arn): arn for arn in by_arn}
    named = [(arns.get(source.secret, source.secret), source.key, value) for source, value in sources if source.secret]
    whole = {given: value for given, key, value in named if not key}
    objects: dict[str, dict[str, Any]] = {}
    for given, key, value in named:
        if key:
            objects.setdefault(given, {})[key] = value
    return {**{given: json.dumps(keys) for given, keys in objects.items()}, **whole}


def _of_backend(env: Environment, seed: Seed) -> Iterator[tuple[str, str]]:
    backend = env.airflow.secrets_backend
    for variable, prefix in ((CONNECTION, backend.connections), (VARIABLE, backend.variables)) if backend else ():
        for name, value in seed.below(variable).items() if prefix else ():
            yield f"{prefix}/{name}", value


def _refuse_foreign_parameters(env: Environment) -> None:
    """Refuse parameters of another account, which the embedded AWS has not."""
    for source in env.secret_sources.values():
        given = source.parameter or ""
        if _is_arn(given) and f":{env.aws.account}:" not in given:
            raise SeedRefusal(
                f"A rehearsal has no parameter {given}: it is of another account.",
                next_step="Name a secret by its ARN instead, or a parameter of the environment's account.",
            )


def _parameter(env: Environment, given: str) -> str:
    """Return the name of a parameter of the environment's region, or the ARN of one elsewhere."""
    return _name_of_parameter(given) if f":{env.aws.region}:" in given else given


def _at(given: str) -> dict[str, Any]:
    """Return what lets the embedded AWS make something under its ARN; nothing for a name."""
    return {"Tags": [{"Key": GIVEN_ARN, "Value": given}]} if _is_arn(given) else {}


def _is_own(env: Environment, given: str) -> bool:
    return f":{env.aws.region}:{env.aws.account}:" in given


def _is_arn(given: str) -> bool:
    return given.startswith("arn:")


def _name_of_secret(given: str) -> str:
    """Return the name in an ARN without the end that Secrets Manager chooses, or the name itself."""
    return given.split(":", 6)[-1][:_END] if _is_arn(given) else given


def _name_of_parameter(given: str) -> str:
    """Return the name in an ARN, or the name itself."""
    return f"/{given.partition(':parameter/')[2]}" if _is_arn(given) else given


def _described(source: SecretSource) -> str:
    if source.parameter:
        return f"parameter {source.parameter}"
    return f"secret {source.secret}" + (f", key {source.key}" if source.key else "")
