"""Waits, in a container of the environment, until Airflow runs no task, and lets the scheduler queue none meanwhile.

`deployer.tasks.idle` hands the text of this module to the container's Python, so it imports the standard library and
the driver of the database. The scheduler queues tasks only while it holds the rows of all pools, and queues none while
somebody else has them: `Pool.slots_stats(lock_rows=True)` in every release. When this ends, however it ends, the
database lets go of the rows, so nothing is left to be undone.
"""

import importlib
import os
import sys
import time
from collections.abc import Sequence
from typing import Any

ACTIVE = "select dag_id, run_id, task_id from task_instance where state in ('queued', 'running', 'restarting')"
POOLS = "select pool from slot_pool for update"
SECONDS = 2.0
SHOWN = 10
CONNECT = {"database": "DB_NAME", "host": "DB_HOST", "user": "DB_USER", "password": "DB_PASSWORD"}
"""What drivers call the parts of an address, and the variables that hold them."""
TLS = {"sslmode": "DB_SSL_MODE", "sslrootcert": "DB_SSL_ROOT_CERT"}
"""What the driver of PostgreSQL calls the ways of TLS; not every container has them."""


def main(driver: str, minutes: float) -> int:
    """Return 0 as soon as no task is queued or running, or 1 after so many minutes."""
    lock, looks = _connect(driver), _connect(driver)
    lock.cursor().execute(POOLS)
    deadline = time.monotonic() + minutes * 60
    told = -1
    while True:
        cursor = looks.cursor()
        cursor.execute(ACTIVE)
        active = cursor.fetchall()
        looks.rollback()  # the next look is to see what has changed
        if not active:
            _tell("No Airflow task runs.")
            return 0
        if len(active) != told:
            _tell(f"{len(active)} Airflow tasks run: {_names(active)}")
            told = len(active)
        if time.monotonic() >= deadline:
            return 1
        time.sleep(SECONDS)


def _names(active: Sequence[Sequence[str]]) -> str:
    more = [f"and {len(active) - SHOWN} more"] if len(active) > SHOWN else []
    return ", ".join([*(" ".join(row) for row in active[:SHOWN]), *more])


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _connect(driver: str) -> Any:
    place: dict[str, Any] = {name: os.environ[variable] for name, variable in CONNECT.items()}
    place.update({name: os.environ[variable] for name, variable in TLS.items() if variable in os.environ})
    return importlib.import_module(driver).connect(connect_timeout=10, port=int(os.environ["DB_PORT"]), **place)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2])))
