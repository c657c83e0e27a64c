"""DAGs that put workers to the test: they are killed, run out of memory, wait, ask for a size, and come in numbers."""
# ruff: noqa: AIR002, T201  the schedule is among the shared arguments; what a task prints is in its log

from __future__ import annotations

import os
import sys
import time
from datetime import datetime, timedelta

# Airflow 3 offers the decorators in the task SDK and deprecates their old place; Airflow 2 has only the old place.
try:
    from airflow.providers.standard.operators.bash import BashOperator
    from airflow.sdk import Variable, dag, get_current_context, task
except ImportError:
    from airflow.decorators import dag, task
    from airflow.models import Variable
    from airflow.operators.bash import BashOperator
    from airflow.operators.python import get_current_context

MIB = 1 << 20
LARGER = {
    "overrides": {
        "cpu": "512",
        "memory": "1024",
        "containerOverrides": [{"name": "airflow", "environment": [{"name": "GREETING", "value": "larger"}]}],
    }
}
# Command and overrides of a worker share 8,192 characters.
WORDY = {
    "overrides": {"containerOverrides": [{"name": "airflow", "environment": [{"name": "A", "value": "a" * 8192}]}]}
}
UNSOLD = {"overrides": {"cpu": "256", "memory": "8192"}}

arguments = {
    "schedule": None,
    "start_date": datetime(2021, 1, 1),
    "catchup": False,
    "default_args": {"retries": 0},
    "max_active_tasks": 100,
}
# A crowd on two processors starves the API server, and a worker whose call is not answered fails.
crowd = {"retries": 3, "retry_delay": timedelta(seconds=1)}


def attempt() -> int:
    """Return which attempt of its task this is."""
    return get_current_context()["ti"].try_number


@dag(**arguments)
def patient():
    """Wait long enough for a scheduler to go and another to come."""

    @task(retries=1, retry_delay=timedelta(seconds=1))
    def wait() -> None:
        for second in range(40):
            print(f"second {second} of attempt {attempt()}", flush=True)
            time.sleep(1)
        print("waited to the end")

    wait()


@dag(**arguments)
def killed():
    """Wait for its end on the first attempt, and be content on the second."""

    @task(retries=1, retry_delay=timedelta(seconds=1))
    def linger() -> None:
        print(f"attempt {attempt()} lingers", flush=True)
        if attempt() == 1:
            time.sleep(600)
        print("second life")

    linger()


@dag(**arguments)
def reclaimed():
    """Wait for its end on the first attempt in a process that Airflow ends when the worker is told to end."""
    wait = "{% if ti.try_number == 1 %}echo waiting; sleep 600{% else %}echo second life{% endif %}"
    BashOperator(task_id="linger", bash_command=wait, retries=1, retry_delay=timedelta(seconds=1))


@dag(**arguments)
def hungry():
    """Take more memory than a worker has on the first attempt, and little on the second."""

    @task(retries=1, retry_delay=timedelta(seconds=1))
    def eat() -> None:
        print(f"attempt {attempt()} eats", flush=True)
        meals = []
        while attempt() == 1:
            meals.append(bytearray(os.urandom(16)) * MIB)
            time.sleep(0.2)
        print("not hungry any more")

    eat()


@dag(**arguments)
def sized():
    """Asks for a larger worker, with a word in its environment."""

    @task(executor_config=LARGER)
    def ask() -> None:
        print(f"I am {os.environ['GREETING']}")

    ask()


@dag(**arguments)
def unsold():
    """Asks for a worker that Fargate does not sell."""

    @task(executor_config=UNSOLD)
    def ask() -> None:
        sys.exit("this never runs")

    ask()


@dag(**arguments)
def wordy():
    """Asks for a worker with more words than ECS takes."""

    @task(executor_config=WORDY)
    def ask() -> None:
        sys.exit("this never runs")

    ask()


@dag(**arguments)
def discreet():
    """Print a secret that Airflow knows to be one."""

    @task
    def tell() -> None:
        Variable.set("api_password", "correct-horse-battery-staple")
        print(f"the password is {Variable.get('api_password')}")

    tell()


@dag(**arguments)
def single():
    """One short task."""

    @task
    def stamp() -> None:
        print(f"started at {time.time():.3f}", flush=True)

    stamp()


@dag(**arguments)
def thirty():
    """Thirty short tasks at the same time."""

    @task(**crowd)
    def stamp() -> None:
        print(f"started at {time.time():.3f}", flush=True)

    for number in range(30):
        stamp.override(task_id=f"stamp{number}")()


@dag(**arguments)
def hundred():
    """Run a hundred short tasks at the same time."""

    @task(**crowd)
    def stamp() -> None:
        print(f"started at {time.time():.3f}", flush=True)

    for number in range(100):
        stamp.override(task_id=f"stamp{number}")()


patient(), killed(), reclaimed(), hungry(), sized(), unsold(), wordy(), discreet(), single(), thirty(), hundred()
