"""The ports on which things listen, and what follows from what a process runs."""

from compiler.contract import TRIGGERER, WEB
from spec.releases.processes import Process

HTTP = 80
HTTPS = 443
FILE_SYSTEM_PORT = 2049
TASK_LOGS_PORT = 8793
"""Port at which a runner of tasks serves the log of a running task; Airflow's `worker_log_server_port`."""

AWS_OVER_HTTPS = "AWS over HTTPS, for images, secrets, log lines and code"
ANY_SYSTEM = "AWS, and the systems that DAGs work with on whatever port these listen"
METADATA = "metadata of Airflow"
"""Why something connects to the internet, or to the database."""


def logs_port(process: Process) -> int | None:
    """Return the port on which a process serves logs of what is still running, if it runs anything of that kind."""
    if process.runs_tasks:
        return TASK_LOGS_PORT
    return None if process.name == WEB else process.port


def runs_user_code(process: Process) -> bool:
    """Whether a process connects to the systems that DAGs work with, on ports that only their authors know."""
    return process.runs_tasks or process.name == TRIGGERER
