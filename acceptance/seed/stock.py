"""Fills the embedded AWS with the secrets that a YAML names, before anything is deployed to it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from acceptance.seed.files import DOTENV, SETTINGS, Seed, read_seed
from deployer.aws.session import Session
from spec.environment import Environment
from spec.errors import Refusal
from spec.sections.env_vars import CONNECTION, VARIABLE
from spec.sections.secret_source import SecretSource


@dataclass(frozen=True)
class Stock:
    """Secrets and parameters by their names; the values are shown nowhere."""

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
    needs = env.airflow.secret_sources or env.airflow.secrets_backend
    return stock(env, read_seed(folder)) if needs else Stock()


def stock(env: Environment, seed: Seed) -> Stock:
    """Return what the embedded AWS is to hold; raises `SeedRefusal` with every secret that has no value."""
    values = seed.by_variable
    missing = [(name, source) for name, source in env.airflow.secret_sources.items() if name not in values]
    if missing:
        raise SeedRefusal(
            f"A rehearsal of {env.name} has no value for {len(missing)} of its secrets.",
            why="\n".join(f"{name}: {_described(source)}" for name, source in missing),
            next_step=f"Add a line such as {missing[0][0]}=value to {DOTENV} beside the YAML, or a connection or "
            f"variable to {SETTINGS} there. Neither belongs into git; any value will do that your DAGs can use.",
        )
    _refuse_elsewhere(env)
    sources = [(source, values[name]) for name, source in env.airflow.secret_sources.items()]
    return Stock(
        secrets={**dict(_of_backend(env, seed)), **_secrets(sources)},
        parameters={_name(source.parameter): value for source, value in sources if source.parameter},
    )


def fill(session: Session, wanted: Stock) -> None:
    """Store everything in the embedded AWS, which holds none of it yet."""
    secrets, parameters = session.client("secretsmanager"), session.client("ssm")
    for name, value in wanted.secrets.items():
        secrets.create_secret(Name=name, SecretString=value)
    for name, value in wanted.parameters.items():
        parameters.put_parameter(Name=name, Value=value, Type="SecureString")


def empty(session: Session, held: Stock) -> None:
    """Remove what `fill` stored: it is no part of the environment, and no left-over of it."""
    secrets, parameters = session.client("secretsmanager"), session.client("ssm")
    for name in held.secrets:
        secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    for name in held.parameters:
        parameters.delete_parameter(Name=name)


def _secrets(sources: list[tuple[SecretSource, str]]) -> dict[str, str]:
    """Return the values of secrets; of one whose keys are used, an object with all of them."""
    whole = {_name(source.secret): value for source, value in sources if source.secret and not source.key}
    objects: dict[str, dict[str, Any]] = {}
    for source, value in sources:
        if source.secret and source.key:
            objects.setdefault(_name(source.secret), {})[source.key] = value
    return {**{name: json.dumps(keys) for name, keys in objects.items()}, **whole}


def _of_backend(env: Environment, seed: Seed) -> Iterator[tuple[str, str]]:
    backend = env.airflow.secrets_backend
    for variable, prefix in ((CONNECTION, backend.connections), (VARIABLE, backend.variables)) if backend else ():
        for name, value in seed.below(variable).items() if prefix else ():
            yield f"{prefix}/{name}", value


def _refuse_elsewhere(env: Environment) -> None:
    """Refuse secrets that a rehearsal cannot make under the ARN of the YAML."""
    for source in env.airflow.secret_sources.values():
        if source.secret and ":" in source.secret:
            raise SeedRefusal(
                f"A rehearsal cannot make a secret with the ARN {source.secret}.",
                why="Secrets Manager chooses the last six characters itself.",
                next_step="Name the secret instead, if it is in the environment's account and region.",
            )


def _name(given: str | None) -> str:
    """Return the name in an ARN, or the name itself."""
    text = given or ""
    return f"/{text.partition(':parameter/')[2]}" if ":parameter/" in text else text


def _described(source: SecretSource) -> str:
    if source.parameter:
        return f"parameter {source.parameter}"
    return f"secret {source.secret}" + (f", key {source.key}" if source.key else "")
