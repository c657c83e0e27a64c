"""Where an environment's database is and who logs in to it, as its own containers are told."""

import json
from dataclasses import dataclass

from compiler.contract import AIRFLOW, DATABASE_USER, DB_HOST, DB_NAME, DB_PASSWORD, DB_PORT, DB_TLS
from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs


@dataclass(frozen=True)
class DatabaseEndpoint:
    """Where the database listens inside the environment's network; `secret` is the ARN of user and password as JSON."""

    host: str
    port: int
    name: str
    user: str
    secret: str
    tls: bool


def find_database_endpoint(session: Session, outputs: Outputs) -> DatabaseEndpoint:
    """Return where the database is, whatever runs it: the definition of the command task says so."""
    definition = session.ecs.task_definition(outputs.command_task)
    (container,) = (one for one in definition["containerDefinitions"] if one["name"] == AIRFLOW)
    told = {entry["name"]: entry["value"] for entry in container["environment"]}
    secrets = {entry["name"]: entry["valueFrom"] for entry in container["secrets"]}
    return DatabaseEndpoint(
        told[DB_HOST],
        int(told[DB_PORT]),
        told[DB_NAME],
        DATABASE_USER,
        ":".join(secrets[DB_PASSWORD].split(":")[:7]),  # what follows an ARN is key, stage and version
        tls=DB_TLS in told,
    )


def read_password(session: Session, place: DatabaseEndpoint) -> str:
    """Return the password of the database's user. It must reach no log and no error."""
    return str(json.loads(session.secrets.read(place.secret))["password"])
