"""What the YAML gives to DAGs: secrets as variables, a secrets backend, and rights in AWS."""

import json
from collections.abc import Iterator

from compiler.model.permission import Permission
from compiler.resources.credentials import SECRETS
from spec.environment import Environment
from spec.releases.airflow_options import Config

BACKEND = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
WHY = "what DAGs need, as the YAML says"


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
            resources=tuple(f"{SECRETS}{prefix}/*" for prefix in backend.prefixes),
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
