"""Faults of Airflow, of its database and of the code of the user, in the words that they print."""

import json
from dataclasses import replace

from compiler.contract import RELEASE_REPORT
from tests.deployer.diagnosis.planting import (
    TRACE,
    Fault,
    Plant,
    both,
    exits,
    prints,
)
from tests.deployer.fakes.running import Running
from tests.deployer.fakes.site import HEALTHY

OPERATIONAL = "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) "
UNHEALTHY = {**HEALTHY, "scheduler": {"status": "unhealthy"}}
ROLE = "arn:aws:sts::123456789012:assumed-role/demo-TaskRole/1"


def _report(file: str, line: int, message: str) -> Plant:
    """Return what lets the DAG processor report a file."""

    def plant(running: Running) -> None:
        session = running.world.session
        stack = session.cloudformation.stacks["demo"]
        outputs = {name: value for name, value in stack.outputs.items() if name != "SyncTaskDefinition"}
        session.cloudformation.stacks["demo"] = replace(stack, outputs=outputs)
        errors = [{"file": file, "line": line, "message": message}]
        report = {"version": "1", "parsed": True, "errors": errors, "runs": {}, "at": ""}
        session.s3.buckets["code"][RELEASE_REPORT] = json.dumps(report).encode()

    return plant


def _database(state: str) -> Plant:
    return lambda running: running.world.session.rds.states.update({"db-1": [state] * 3})


FAULTS = (
    Fault(
        name="wrong password of the database",
        planted="somebody changes the password of the database in the RDS console",
        plant=exits("scheduler", "boom", OPERATIONAL + 'FATAL:  password authentication failed for user "airflow"'),
        place="database",
    ),
    Fault(
        name="unknown certificate of the database",
        planted="RDS gives the instance a certificate of an authority that the image does not have",
        plant=exits(
            "scheduler",
            "boom",
            f'{OPERATIONAL}connection to server at "db.example.com" (10.0.0.9), port 5432 failed: '
            "SSL error: certificate verify failed",
        ),
        place="database.tls",
    ),
    Fault(
        name="missing right of the tasks",
        planted="a DAG writes to a bucket that airflow.statements does not name",
        plant=prints(
            "scheduler",
            "Task failed with exception",
            f"botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling PutObject: User: {ROLE} "
            "is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::lake/x",
        ),
        place="airflow.statements",
    ),
    Fault(
        name="full disk of the database",
        planted="the RDS instance is storage-full",
        plant=both(_database("storage-full"), exits("scheduler", "boom", OPERATIONAL + "connection refused")),
        place="database.storage_gb",
    ),
    Fault(
        name="stopped database",
        planted="somebody stops the RDS instance",
        plant=both(_database("stopped"), exits("scheduler", "boom", OPERATIONAL + "Connection refused")),
        place="database",
    ),
    Fault(
        name="dead database",
        planted="somebody deletes the KMS key of the RDS instance",
        plant=both(
            _database("inaccessible-encryption-credentials"),
            exits("webserver", "boom", OPERATIONAL + "timeout expired"),
        ),
        place="database",
    ),
    Fault(
        name="too many connections",
        planted="the connections of the database are used up",
        plant=exits(
            "scheduler", "boom", OPERATIONAL + "FATAL:  remaining connection slots are reserved for superusers"
        ),
        place="database.instance",
    ),
    Fault(
        name="database of another release",
        planted="a restored database has the tables of an older release",
        plant=exits("scheduler", "ERROR: You need to upgrade the database. Please run `airflow db migrate`."),
        place="airflow.version",
    ),
    Fault(
        name="wrong Fernet key",
        planted="somebody changes the secret of the Fernet key",
        plant=prints("scheduler", "Can't decrypt `extra` params for login=None, FERNET_KEY configuration is missing"),
        place="airflow.secrets",
    ),
    Fault(
        name="broken plugin",
        planted="plugins/hello.py imports a name that does not exist",
        plant=exits(
            "webserver",
            "Failed to import plugin /opt/airflow/plugins/hello.py",
            TRACE.format(
                file="/opt/airflow/plugins/hello.py", line=3, code="from x import y", error="ImportError: no y"
            ),
        ),
        place="airflow_home/plugins/hello.py",
    ),
    Fault(
        name="import error",
        planted="dags/orders.py has a syntax error in line 7",
        plant=_report("dags/orders.py", 7, "SyntaxError: '(' was never closed"),
        place="airflow_home/dags/orders.py:7",
    ),
    Fault(
        name="missing requirement",
        planted="a DAG imports pandas, and docker/requirements.txt does not name it",
        plant=_report("dags/orders.py", 2, "ModuleNotFoundError: No module named 'pandas'"),
        place="docker/requirements.txt",
    ),
    Fault(
        name="bad DAG",
        planted="dags/slow.py asks a server at its top and takes 40 seconds",
        plant=prints(
            "scheduler", "Process timed out, PID: 77: DagBag import timeout for /opt/airflow/dags/slow.py after 30.0s"
        ),
        place="airflow_home/dags/slow.py",
    ),
    Fault(
        name="broken webserver_config.py",
        planted="webserver_config.py of the user does not parse",
        plant=exits(
            "webserver",
            "boom",
            TRACE.format(
                file='/opt/airflow/webserver_config.py", line 8, in <module>\n'
                '  File "/opt/airflow/config/webserver_config.py',
                line=5,
                code="AUTH_TYPE = AUTH",
                error="NameError: AUTH",
            ),
        ),
        place="airflow_home/webserver_config.py:5",
    ),
    Fault(
        name="wrong option of Airflow",
        planted="airflow.config sets a value that the release does not take",
        plant=exits(
            "scheduler", "boom", "airflow.exceptions.AirflowConfigException: error: parallelism must be an int"
        ),
        place="airflow.config",
    ),
    Fault(
        name="no heartbeat",
        planted="the scheduler hangs: its task runs, and Airflow says that it is unhealthy",
        plant=lambda _running: None,
        page=UNHEALTHY,
        place="services.scheduler.cpu",
    ),
)
