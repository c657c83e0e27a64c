"""Opens clients of an environment's Airflow, as its release wants them."""

from rehearsal.clients.airflow_client import AirflowClient, WebFacts
from spec.environment import Environment


def web_facts(env: Environment) -> WebFacts:
    """Return how the web server of an environment differs from those of other releases."""
    web = env.airflow.release.web
    return WebFacts(health_path=web.health_path, api_path=web.api_path, login=web.login)


def new_client(env: Environment, url: str) -> AirflowClient:
    """Return a client of the web server at an address; nobody is logged in."""
    return AirflowClient(f"{url}{env.airflow.base_path}", web_facts(env))


def client_of_first_user(env: Environment, url: str, password: str) -> AirflowClient:
    """Return a client that is logged in as the first user; a program where people log in elsewhere."""
    client = new_client(env, url)
    log_in = client.identify if env.auth.federated else client.login
    log_in(env.auth.first_user.username, password)
    return client
