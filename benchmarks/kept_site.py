"""Reaches the Airflow of a rehearsal that was kept, and what is deployed of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from acceptance.airflow.clients import client_of_first_user
from deployer.aws.session import Session, open_session
from deployer.stacks.outputs import Outputs, read_outputs
from rehearsal.clients.airflow_client import AirflowClient
from spec.environment import Environment


@dataclass(frozen=True, kw_only=True)
class KeptSite:
    """The embedded AWS, the outputs of the environment in it, and its Airflow, logged in as the first user."""

    session: Session
    outputs: Outputs
    client: AirflowClient


def visit(env: Environment, variables: Mapping[str, str]) -> KeptSite:
    """Log in; `variables` are those that `windsock rehearse --keep` prints."""
    session = open_session(
        env.aws.region,
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        access_key=env.aws.account,
        secret_key=variables["AWS_SECRET_ACCESS_KEY"],
    )
    stack = session.cloudformation.stack(env.name)
    if stack is None:
        raise RuntimeError(f"there is no stack {env.name}")
    outputs = read_outputs(stack)
    password = session.secrets.read(outputs.admin_secret)
    client = client_of_first_user(env, variables["WINDSOCK_WEB_URL"], password)
    return KeptSite(session=session, outputs=outputs, client=client)
