"""What the YAML gives to DAGs: secrets as variables, a secrets backend, and rights in AWS."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from troposphere import Sub

from compiler.model.permission import Permission
from compiler.resources.policies import HERE
from spec.environment import Environment
from spec.releases.airflow_options import Config
from spec.sections.secret_source import SecretSource

BACKEND = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
WHY = "what DAGs need, as the YAML says"

_SECRETS = f"arn:${{AWS::Partition}}:secretsmanager:{HERE}:secret:"
_PARAMETERS = f"arn:${{AWS::Partition}}:ssm:{HERE}:parameter/"
_RANDOM_END = "-??????"
"""Secrets Manager ends an ARN with a hyphen and six characters of its own."""


def secret_references(env: Environment) -> dict[str, Any]:
    """Return what ECS puts into the variables of a container, as a task definition names it."""
    return {name: _sub(_value_from(source)) for name, source in env.airflow.secret_sources.items()}


def read_permissions(env: Environment, source: str) -> Iterator[Permission]:
    """Yield the right to read exactly the secrets that fill variables; ECS needs it to start a container."""
    sources = env.airflow.secret_sources.values()
    secrets = _sorted(_secret(each.secret, _RANDOM_END) for each in sources if each.secret)
    if secrets:
        action = "secretsmanager:GetSecretValue"
        yield Permission(source=source, sid="ReadNamedSecrets", actions=(action,), resources=secrets, why=WHY)
    parameters = _sorted(_parameter(each.parameter) for each in sources if each.parameter)
    if parameters:
        action = "ssm:GetParameters"
        yield Permission(source=source, sid="ReadNamedParameters", actions=(action,), resources=parameters, why=WHY)


def backend_options(env: Environment) -> Config:
    """Return the options that make Airflow look for connections and variables in Secrets Manager."""
    backend = env.airflow.secrets_backend
    if backend is None:
        return {}
    prefixes = {"connections_prefix": backend.connections, "variables_prefix": backend.variables, "config_prefix": None}
    return {"secrets": {"backend": BACKEND, "backend_kwargs": json.dumps(prefixes)}}


def backend_permissions(env: Environment, source: str) -> Iterator[Permission]:
    """Yield the right to read what lies below the prefixes of the secrets backend."""
    if backend := env.airflow.secrets_backend:
        yield Permission(
            source=source,
            sid="ReadConnectionsAndVariables",
            actions=("secretsmanager:GetSecretValue",),
            resources=tuple(f"{_SECRETS}{prefix}/*" for prefix in backend.prefixes),
            why=WHY,
        )


def granted_permissions(env: Environment, source: str) -> Iterator[Permission]:
    """Yield the statements that the YAML grants to DAGs."""
    for number, statement in enumerate(env.airflow.statements, start=1):
        yield Permission(
            source=source,
            sid=f"Granted{number}",
            actions=statement.actions,
            resources=statement.resources,
            why=WHY,
        )


def _value_from(source: SecretSource) -> str:
    if source.parameter:
        return _parameter(source.parameter)
    whole = _secret(source.secret or "")
    return f"{whole}:{source.key}::" if source.key else whole


def _secret(name: str, end: str = "") -> str:
    return name if ":" in name else f"{_SECRETS}{name}{end}"


def _parameter(name: str) -> str:
    return name if ":" in name else f"{_PARAMETERS}{name.removeprefix('/')}"


def _sorted(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(frozenset(texts)))


def _sub(text: str) -> Any:
    return Sub(text) if "${" in text else text
