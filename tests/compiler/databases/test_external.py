"""Promises of a database that somebody else made: where it is, who may connect to it, and nothing of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compiler.authorities import PUBLIC_AUTHORITIES
from compiler.compile import compile_environment
from compiler.databases.roster import database_of
from compiler.model.yaml_reader import read_template
from compiler.reach import reaches
from tests.compiler.conftest import Case, compiled
from tests.spec.minimal import minimal

if TYPE_CHECKING:
    from spec.environment import Environment

AUTHORITIES = "/opt/windsock/windsock_runtime/database_tls/authorities/us-west-2.pem"


@pytest.fixture
def external() -> Case:
    """Return the environment with such a database."""
    return compiled("external")


def _env(keys: str = "", engine: str = 'engine: postgres, version: "15"') -> Environment:
    where = "host: db.example.com, password: {secret: demo/database}"
    return minimal(more=f"database: {{kind: external, {engine}, {where}{keys}}}\n")


def test_nothing_of_it_is_in_the_templates(external: Case) -> None:
    """No stack, no secret, no group: what is not made cannot be deleted."""
    assert "database.yaml" not in external.templates.files
    names = {title for title, _ in external.everything()}
    assert not {"DatabaseCredentials", "DatabaseSecurityGroup", "DatabaseStarts1"} & names
    assert external.parsed["root.yaml"]["Outputs"]["ExternalDatabase"]["Value"] == (
        "postgres.example.com:6432/orchestration"
    )


def test_every_process_reaches_its_blocks_and_no_other_address_at_its_port(external: Case) -> None:
    """Those that run tasks reach every address anyway, and need no rule for it."""
    rules = external.resources("AWS::EC2::SecurityGroupEgress")
    blocks = {name: rule["Properties"]["CidrIp"] for name, rule in rules.items() if "ToDatabase" in name}
    assert blocks == {
        f"{process}ToDatabase{index}": f"198.51.100.{128 * (index - 1)}/25"
        for process in ("Webserver", "Scheduler", "Command")
        for index in (1, 2)
    }
    assert {rules[name]["Properties"]["ToPort"] for name in blocks} == {6432}


def test_ecs_takes_the_password_out_of_the_secret_of_the_yaml(external: Case) -> None:
    """By its key, and the workers of Airflow 2 have it too."""
    for process in ("Scheduler", "Worker"):
        secrets = {one["Name"]: one["ValueFrom"] for one in external.container_of(process)["Secrets"]}
        assert str(secrets["DB_PASSWORD"]).count("secret:external/database:password::") == 1
        assert external.variables_of(process)["DB_USER"] == "orchestrator"


def test_workers_of_airflow_3_do_not_have_it() -> None:
    """They go through the execution API."""
    env = minimal('2.5.3, python: "3.10"', '3.3.2, python: "3.12", executor: ecs', more=_line())
    root = {name: read_template(text) for name, text in compile_environment(env).files.items()}
    worker = next(
        one["Properties"]["ContainerDefinitions"][0]
        for stack in root.values()
        for name, one in stack["Resources"].items()
        if name == "WorkerTaskDefinition"
    )
    assert "DB_PASSWORD" not in {one["Name"] for one in worker.get("Secrets", ())}


def _line() -> str:
    return 'database: {kind: external, version: "16", host: db.example.com, password: {secret: demo/database}}\n'


@pytest.mark.parametrize(
    ("keys", "options"),
    [
        ("", ("sslmode=verify-full", f"sslrootcert={PUBLIC_AUTHORITIES}")),
        (", authorities: rds", ("sslmode=verify-full", f"sslrootcert={AUTHORITIES}")),
        (", authorities: /opt/company.pem", ("sslmode=verify-full", "sslrootcert=/opt/company.pem")),
        (", tls: require", ("sslmode=require",)),
        (", tls: none", ()),
    ],
)
def test_its_address_says_whom_airflow_trusts(keys: str, options: tuple[str, ...]) -> None:
    """In the words of libpq."""
    assert database_of(_env(keys)).tls_options == options


def test_mysql_compares_the_name_as_soon_as_it_has_authorities() -> None:
    """In the words of PyMySQL."""
    mysql = 'engine: mysql, version: "8.0"'
    assert database_of(_env(engine=mysql)).tls_options == (f"ssl_ca={PUBLIC_AUTHORITIES}",)
    assert database_of(_env(", tls: require", mysql)).tls_options == ("ssl_check_hostname=false",)


def test_the_way_to_it_is_known() -> None:
    """For every process that connects to it."""
    found = {one.who: one.way for one in reaches(_env()) if one.what == "db.example.com:5432/airflow"}
    assert set(found) >= {"webserver", "scheduler", "one-off Airflow commands"}
    assert set(found.values()) == {"its public address"}
