"""Causes in the user's own code and configuration, by what Airflow prints about them."""

from deployer.diagnosis.evidence import Source
from deployer.diagnosis.signs import Sign, looks

_LOG = frozenset({Source.LOG})
_HOME = r"/opt/airflow/"

LOOKS = looks(
    (
        Sign(
            name="broken plugin",
            sources=_LOG,
            pattern=rf"Failed to import plugin (?:{_HOME})?(?P<plugin>\S+?\.py)?",
            what="Airflow cannot import a plugin.",
            file="{home}/{plugin}",
            next_step="Correct it and run `windsock push ENV`.",
            although_well=True,
        ),
        Sign(
            name="broken webserver_config.py",
            sources=_LOG,
            pattern=r'File "[^"]+/config/webserver_config\.py", line (?P<line>\d+)',  # the one in the home is ours
            what="Airflow cannot read webserver_config.py.",
            file="{home}/webserver_config.py:{line}",
            next_step="Correct it and run `windsock push ENV`.",
        ),
        Sign(
            name="bad DAG",
            sources=_LOG,
            pattern=rf"(?:DagBag import timeout for (?:{_HOME})?(?P<dag>\S+?\.py)"
            rf"|Processor for (?:{_HOME})?(?P<file>\S+?\.py) with PID \d+ .{{0,80}}has timed out)",
            what="A DAG file takes too long to be read.",
            file="{home}/{dag}{file}",
            next_step="Do no work at the top of the file: move it into tasks. Then run `windsock push ENV`.",
            although_well=True,
        ),
        Sign(
            name="import error",
            sources=_LOG,
            pattern=rf"Failed to import: (?:{_HOME})?(?P<dag>\S+?\.py)"
            rf'(?:.*File "{_HOME}(?P=dag)", line (?P<line>\d+))?',
            what="Airflow cannot import a DAG file.",
            file="{home}/{dag}:{line}",
            next_step="Correct it and run `windsock push ENV`.",
            although_well=True,
        ),
        Sign(
            name="wrong option of Airflow",
            sources=_LOG,
            pattern=r"AirflowConfigException: (?P<error>[^\n]{1,120})",
            what="Airflow does not accept its configuration.",
            key="airflow.config",
            next_step="Correct the option, run `windsock compile ENV`, and deploy.",
        ),
        Sign(
            name="missing right of the tasks",
            sources=_LOG,
            pattern=r"(?:AccessDenied.{0,300}?)?not authorized to perform: (?P<action>[a-z0-9-]+:\w+)|AccessDenied",
            what="What runs in the {about} may not do something in AWS: its role lacks the right {action}.",
            key="airflow.statements",
            next_step="Add the right to airflow.statements, run `windsock compile ENV`, and deploy.",
            although_well=True,
        ),
    )
)
