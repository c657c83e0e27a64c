"""Waits by a one-off task until Airflow runs no task of a DAG, before what runs them is replaced or stopped."""

import secrets
import shlex
from dataclasses import replace
from pathlib import Path

from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs
from deployer.tasks import await_tasks
from deployer.tasks.one_off_tasks import OneOffTaskFailure, database_task, run_one_off_tasks
from spec.environment import Environment
from spec.errors import Refusal

LONGEST_MINUTES = 50
"""A one-off task may take an hour."""


class RunningTasksRefusal(Refusal):
    """Airflow tasks run on."""


def await_idle(env: Environment, session: Session, outputs: Outputs, *, minutes: int) -> None:
    """Wait until no task is queued or running; it runs in the image that is deployed.

    The scheduler queues no other task meanwhile. A run that is killed leaves a wait behind that ends by itself, so the
    next run begins its own. Raises `RunningTasksRefusal`.
    """
    command = shlex.join(["python", "-c", _script(), env.database.facts.driver, str(minutes)])
    task = replace(database_task(env, outputs, outputs.command_task, [command]), name="idle")
    try:
        run_one_off_tasks(session, outputs, (task,), secrets.token_hex(8))
    except OneOffTaskFailure as failure:
        raise RunningTasksRefusal(
            f"The Airflow tasks of {env.name} did not end within {minutes} minutes; nothing was changed.",
            why=failure.why,
            next_step="Wait longer with --drain MINUTES, or end them with --drain 0: they have "
            "two minutes then, and Airflow retries those whose `retries` allow it.",
        ) from failure


def _script() -> str:
    return Path(await_tasks.__file__).read_text(encoding="utf-8")
