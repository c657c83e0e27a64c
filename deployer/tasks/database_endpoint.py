"""Where an environment's database is and who logs in to it, as the variables of its own containers say."""

import json
from dataclasses import dataclass

from compiler.contract import AIRFLOW, DATABASE_USER, DB_HOST, DB_NAME, DB_PORT, DB_TLS
from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs
from spec.sections.databases.kind import DB_PASSWORD, DB_USER

_ARN_PARTS = 7
"""Parts of the ARN of a secret between colons; what follows are key, stage and version."""


@dataclass(frozen=True, kw_only=True)
class DatabaseEndpoint:
    """Where the database listens, as containers reach it; `secret` is an ARN, `key` that of the password in it.

    Without a key the secret is the password.
    """

    host: str
    port: int
    name: str
    user: str
    secret: str
    tls: bool
    key: str = ""


def find_database_endpoint(session: Session, outputs: Outputs) -> DatabaseEndpoint:
    """Return where the database is, whatever runs it: the definition of the command task says so."""
    definition = session.ecs.task_definition(outputs.command_task)
    (container,) = (one for one in definition["containerDefinitions"] if one["name"] == AIRFLOW)
    variables = {entry["name"]: entry["value"] for entry in container["environment"]}
    secrets = {entry["name"]: entry["valueFrom"] for entry in container["secrets"]}
    parts = secrets[DB_PASSWORD].split(":")
    return DatabaseEndpoint(
        host=variables[DB_HOST],
        port=int(variables[DB_PORT]),
        name=variables[DB_NAME],
        user=variables.get(DB_USER, DATABASE_USER),
        secret=":".join(parts[:_ARN_PARTS]),
        key=next(iter(parts[_ARN_PARTS:]), ""),
        tls=DB_TLS in variables,
    )


def read_password(session: Session, place: DatabaseEndpoint) -> str:
    """Return the password of the database's user. It must reach no log and no error."""
    value = session.secrets.read(place.secret)
    return str(json.loads(value)[place.key]) if place.key else value
