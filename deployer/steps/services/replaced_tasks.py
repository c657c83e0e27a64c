"""Says, before the services are replaced, what that does to the Airflow tasks that run in one of them."""

from compiler.contract import SECONDS_TO_END_TASKS, words
from deployer.progress import Progress
from spec.environment import Environment


def warn_of_replaced_tasks(env: Environment, progress: Progress) -> None:
    """Say how long Airflow tasks have to end; nothing where no service of the environment runs tasks."""
    for process in env.processes:
        if process.runs_tasks:
            progress.note(
                f"Airflow tasks that run now have {SECONDS_TO_END_TASKS} seconds to end if ECS replaces the "
                f"{words(process.name)}. It kills the others, and Airflow retries those whose `retries` allow it."
            )
