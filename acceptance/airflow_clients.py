"""Opens clients of an environment's Airflow, as its release wants them."""

from rehearsal.clients.airflow_client import AirflowClient, WebFacts
from spec.environment import Environment


def new_client(env: Environment, url: str) -> AirflowClient:
    """Return a client of the web server at an address; nobody is logged in."""
    web = env.airflow.release.web
    return AirflowClient(url, WebFacts(health_path=web.health_path, api_path=web.api_path, login=web.login))


def client_of_first_user(env: Environment, url: str, password: str) -> AirflowClient:
    """Return a client that is logged in as the first user; a program where people log in elsewhere."""
    client = new_client(env, url)
    log_in = client.identify if env.auth.federated else client.login
    log_in(env.auth.first_user.username, password)
    return client
