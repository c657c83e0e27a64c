"""The kind `external`: the server that somebody has, and where no task would reach it."""

import pytest

from spec.sections.database import External
from tests.spec.minimal import minimal, refused

SERVER = 'kind: external, version: "15", host: db.example.com'
SECRET = "password: {secret: demo/database}"
SUBNETS = "task_subnets: [subnet-0000000a, subnet-0000000b], "
EXISTING = f"mode: existing, vpc: vpc-0a1b2c3d, public_addresses: true, {SUBNETS}"


def _database(keys: str = "") -> str:
    return f"database: {{{SERVER}, {SECRET}{keys}}}\n"


def test_the_shortest_section_says_where_it_is_and_who_logs_in() -> None:
    """The rest follows from the engine."""
    database = minimal(more=_database()).database
    assert isinstance(database, External)
    assert database.address == "db.example.com:5432/airflow"
    assert minimal(more=_database(", port: 6432, name: meta")).database.address == "db.example.com:6432/meta"
    assert database.tls == "verify"
    assert not database.ephemeral


def test_the_password_is_a_secret_of_the_containers_that_log_in() -> None:
    """Beside those that DAGs get."""
    env = minimal(more=_database())
    assert env.secret_sources["DB_PASSWORD"].secret == "demo/database"
    assert env.airflow.secret_sources == {}


@pytest.mark.parametrize(
    ("keys", "message", "hint"),
    [
        (f"{SERVER}", "password is missing", ""),
        (f"{SERVER}, password: {{parameter: /demo/database}}", "kept in Secrets Manager", "{secret: demo/database}"),
        (f"{SERVER}, {SECRET}, tls: require, authorities: rds", "nobody vouches", "tls: verify"),
        (f"{SERVER}, {SECRET}, cidrs: [10.20.0.0/24]", "no route leads to 10.20.0.0/24", "network.mode: existing"),
        (f'kind: external, version: "18", host: db.example.com, {SECRET}', "was not tested", '"15"'),
        (f'kind: external, version: "15", host: DB, {SECRET}', "not a domain name", "lower case"),
    ],
)
def test_what_could_not_work_is_refused(keys: str, message: str, hint: str) -> None:
    """Each with what would be right."""
    fault = refused(more=f"database: {{{keys}}}\n")
    assert message in fault.message
    assert hint in fault.hint


def test_no_task_reaches_it_where_no_route_leads_out() -> None:
    """Endpoints lead to AWS alone."""
    assert "outside of the VPC" in refused("network: {", "network: {mode: endpoints, ", more=_database()).message


def test_the_routes_of_a_network_that_is_there_may_lead_anywhere() -> None:
    """A deploy asks them."""
    env = minimal("network: {", f"network: {{{EXISTING}", more=_database(", cidrs: [10.20.0.0/24]"))
    assert env.database.cidrs == ("10.20.0.0/24",)
