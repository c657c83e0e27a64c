"""An environment on a database that somebody else runs: everything works, and nothing of it is touched."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from acceptance.airflow.clients import client_of_first_user
from spec.reading.load import load
from tests.life.kept import Kept, keep
from tests.life.waiting import until

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]
DAG = "tutorial_taskflow_api"
PASSWORD = "of another day"
CHANGE_PASSWORD = """
import os, psycopg2, sys
login = {"host": os.environ["DB_HOST"], "dbname": os.environ["DB_NAME"], "sslmode": "require"}
login |= {"user": os.environ["DB_USER"], "password": os.environ["DB_PASSWORD"]}
with psycopg2.connect(**login) as connection:
    connection.cursor().execute("alter role current_user password %s", sys.argv[1:])
"""


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    """Keep the environment; take it down at the end, with nothing left but the server and its data."""
    kept = keep("tests/life/external.yaml", "--dag", DAG)
    yield kept
    done = kept.run("teardown", str(kept.environment), "--yes")
    assert done.returncode == 0, done.stderr
    assert "Nothing kept." in done.stdout


def test_nothing_of_the_database_is_made(kept: Kept) -> None:
    """No instance, no file system, no subnet group: the first deploy ran on a server that was there."""
    assert kept.client("rds").describe_db_instances()["DBInstances"] == []
    resources = kept.client("cloudformation").list_stack_resources(StackName="external")["StackResourceSummaries"]
    assert "Database" not in {one["LogicalResourceId"] for one in resources}


def test_processes_reach_its_port_and_no_other_at_that_address(kept: Kept) -> None:
    """A task that only works with the database has a rule for its block, and the packet filter knows no other."""
    kept.command("python -c \"import os, socket; socket.create_connection((os.environ['DB_HOST'], 5432), 5)\"")
    with pytest.raises(AssertionError):
        kept.command("python -c \"import os, socket; socket.create_connection((os.environ['DB_HOST'], 5433), 5)\"")


def test_another_password_reaches_the_services_by_the_next_deploy(kept: Kept, tmp_path: Path) -> None:
    """The secret is the one that the YAML names, and a deploy starts anew what has read the old value."""
    listed = kept.run("secrets", "list", str(kept.environment))
    assert "external/database" in listed.stdout
    assert "DB_PASSWORD" in listed.stdout
    kept.command(shlex.join(["python", "-c", CHANGE_PASSWORD, PASSWORD]))
    kept.client("secretsmanager").put_secret_value(SecretId="external/database", SecretString=PASSWORD)
    deployed = kept.deploy(kept.environment.read_text(encoding="utf-8"), tmp_path)
    assert deployed.returncode == 0, deployed.stderr
    client = client_of_first_user(load(kept.environment), kept.web_url, kept.admin_password())
    run = client.trigger(DAG)
    until(lambda: client.run_state(DAG, run) in {"success", "failed"})
    assert client.run_state(DAG, run) == "success"
