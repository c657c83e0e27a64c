"""Faults of Airflow, of its database and of the code of the user."""

import json
from collections.abc import Callable

from tests.life.diagnosing.fault import Act, Fault, steps
from tests.life.diagnosing.site import Definition, Site

DAGS = """\
from datetime import datetime
import boto3
from airflow.decorators import dag, task
from airflow.hooks.base import BaseHook


@dag(schedule=None, start_date=datetime(2021, 1, 1))
def fills():
    @task
    def fill():
        with open("/dev/full", "w") as file:
            file.write("x")
    fill()


@dag(schedule=None, start_date=datetime(2021, 1, 1))
def reaches():
    @task
    def reach():
        boto3.client("s3").put_object(Bucket="lake", Key="x", Body=b"x")
    reach()


@dag(schedule=None, start_date=datetime(2021, 1, 1))
def decrypts():
    @task
    def decrypt():
        print(BaseHook.get_connection("encrypted").password)
    decrypt()


fills(), reaches(), decrypts()
"""
"""What of these does not work is read in the logs of the tasks."""
CONNECT = """
import os, time, psycopg2
held = []
try:
    while True:
        held.append(psycopg2.connect(
            host=os.environ["DB_HOST"], port=os.environ["DB_PORT"], dbname=os.environ["DB_NAME"],
            user=os.environ["DB_USER"], password=os.environ["DB_PASSWORD"], sslmode="require"))
except psycopg2.OperationalError as error:
    print(error, len(held), flush=True)
time.sleep(900)
"""
SEED, LOGIN, INSTANCE = "Secrets/FernetSeed", "Secrets/DatabaseCredentials", "Database/Instance"
OTHER_SEED = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"
OLDER = "update alembic_version set version_num = '686269002441'"
"""The revision of the tables of Airflow 2.9.2."""
PLUGIN, DAG, CONFIG = "plugins/broken.py", "dags/broken.py", "webserver_config.py"


def _restart(site: Site) -> None:
    site.restart("scheduler")


def _secret(path: str, change: Callable[[str], str] | None = None) -> Act:
    """Return what puts another value, or without one the former."""

    def put(site: Site) -> None:
        secrets, secret = site.client("secretsmanager"), site.ids[path]
        if change is None:
            value = site.before.pop(path)
        else:
            site.before[path] = secrets.get_secret_value(SecretId=secret)["SecretString"]
            value = change(site.before[path])
        secrets.put_secret_value(SecretId=secret, SecretString=value)

    return put


def _other_password(text: str) -> str:
    return json.dumps({**json.loads(text), "password": "another-password"})


def _stop_database(site: Site) -> None:
    site.client("rds").stop_db_instance(DBInstanceIdentifier=site.ids[INSTANCE])


def _start_database(site: Site) -> None:
    site.client("rds").start_db_instance(DBInstanceIdentifier=site.ids[INSTANCE])


def _delete_database(site: Site) -> None:
    site.client("rds").delete_db_instance(DBInstanceIdentifier=site.ids[INSTANCE], SkipFinalSnapshot=True)


def _connect(site: Site) -> None:
    site.before["connections"] = site.run_beside("python", "-c", CONNECT)


def _disconnect(site: Site) -> None:
    site.end(site.before.pop("connections"))


def _add_connection(site: Site) -> None:
    site.kept.command(
        "airflow connections delete encrypted; airflow connections add encrypted --conn-type http --conn-password x"
    )


def _run(dag: str) -> Act:
    return lambda site: site.run(dag)


def _wrong_option(definition: Definition) -> None:
    variables = definition["containerDefinitions"][0]["environment"]
    kept = [one for one in variables if one["name"] != "AIRFLOW__CORE__PARALLELISM"]
    definition["containerDefinitions"][0]["environment"] = [
        *kept,
        {"name": "AIRFLOW__CORE__PARALLELISM", "value": "many"},
    ]


def _file(name: str, text: str) -> Act:
    return lambda site: site.write(name, text)


def _no_file(name: str) -> Act:
    return lambda site: site.remove(name)


FAULTS = (
    Fault(
        name="wrong password of the database",
        planted="somebody changes the password in the secret of the database",
        plant=steps(_secret(LOGIN, _other_password), _restart),
        take_back=steps(_secret(LOGIN), _restart),
        place="database",
    ),
    Fault(
        name="too many connections",
        planted="another program uses up the connections of the database",
        plant=steps(_connect, _restart),
        take_back=_disconnect,
        place="database.instance",
    ),
    Fault(
        name="database of another release",
        planted="the database has the tables of an older release",
        plant=steps(
            lambda site: site.sql(
                "create table kept_revision as select version_num from alembic_version",
                OLDER,
            ),
            _restart,
        ),
        take_back=lambda site: site.sql(
            "update alembic_version set version_num = (select version_num from kept_revision)",
            "drop table kept_revision",
        ),
        place="airflow.version",
    ),
    Fault(
        name="wrong Fernet key",
        planted="somebody changes the secret of the Fernet key",
        plant=steps(_add_connection, _secret(SEED, lambda _: OTHER_SEED), _restart, _run("decrypts")),
        take_back=steps(_secret(SEED), _restart),
        place="airflow.secrets",
    ),
    Fault(
        name="full disk of a task",
        planted="a task writes files until the disk is full",
        plant=_run("fills"),
        take_back=_restart,
        place="services.scheduler",
    ),
    Fault(
        name="missing right of the tasks",
        planted="a DAG writes to a bucket that airflow.statements does not name",
        plant=_run("reaches"),
        take_back=_restart,
        place="airflow.statements",
    ),
    Fault(
        name="wrong option of Airflow",
        planted="an option has a value that the release does not take",
        plant=lambda site: site.revise("scheduler", _wrong_option),
        take_back=lambda site: site.unrevise("scheduler"),
        place="airflow.config",
    ),
    Fault(
        name="broken plugin",
        planted="plugins/broken.py imports a name that does not exist",
        plant=_file(PLUGIN, "from datetime import nothing_of_that_name\n"),
        take_back=_no_file(PLUGIN),
        place="workers/plugins/broken.py",
    ),
    Fault(
        name="import error",
        planted="dags/broken.py imports a name that does not exist",
        plant=_file(DAG, "from airflow.models import dag\nfrom datetime import nothing_of_that_name\n"),
        take_back=_no_file(DAG),
        place="workers/dags/broken.py:2",
    ),
    Fault(
        name="missing requirement",
        planted="a DAG imports a package that docker/requirements.txt does not name",
        plant=_file(DAG, "from airflow.models import dag\nimport nothing_of_that_name\n"),
        take_back=_no_file(DAG),
        place="docker/requirements.txt",
    ),
    Fault(
        name="bad DAG",
        planted="dags/broken.py waits at its top",
        plant=_file(DAG, "from airflow.models import dag\nimport time\n\ntime.sleep(60)\n"),
        take_back=_no_file(DAG),
        place="workers/dags/broken.py:4",
    ),
    Fault(
        name="broken webserver_config.py",
        planted="webserver_config.py names what there is not",
        plant=_file(CONFIG, "AUTH_TYPE = NOTHING_OF_THAT_NAME\n"),
        take_back=_no_file(CONFIG),
        place="workers/webserver_config.py:1",
    ),
    Fault(
        name="stopped database",
        planted="somebody stops the RDS instance",
        plant=_stop_database,
        take_back=_start_database,
        place="database",
    ),
    Fault(
        name="dead database",
        planted="somebody deletes the RDS instance",
        plant=_delete_database,
        take_back=lambda _site: None,
        place="database",
    ),
)
"""The last has no way back: it comes at the end of everything."""
