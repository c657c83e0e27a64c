"""Says, before the services are replaced, what that does to the Airflow tasks that run in one, or waits for them."""

from collections.abc import Iterator

from compiler.contract import SECONDS_TO_END_TASKS, words
from deployer.aws.stacks import Stack
from deployer.progress import Progress
from deployer.stacks.outputs import read_outputs
from deployer.steps.step import Context
from deployer.tasks.idle import await_idle
from spec.environment import Environment


def spare_running_tasks(context: Context, stack: Stack | None) -> None:
    """Wait for the Airflow tasks that run in a service, if the user wants that; then say how long others have to end.

    `stack` is the root stack as it is now. Raises `RunningTasksRefusal`.
    """
    in_service = any(process.runs_tasks for process in context.env.processes)
    if stack and in_service and context.drain_minutes:
        context.progress.phase("drain", f"Airflow tasks that run now have {context.drain_minutes} minutes to end")
        await_idle(context.env, context.session, read_outputs(stack), minutes=context.drain_minutes)
    warn_of_replaced_tasks(context.env, context.progress)


def warn_of_replaced_tasks(env: Environment, progress: Progress) -> None:
    """Say how long Airflow tasks have to end; nothing where no service of the environment runs tasks."""
    for sentence in replaced_tasks(env):
        progress.note(sentence)


def replaced_tasks(env: Environment) -> Iterator[str]:
    """Yield how long Airflow tasks have to end in each service that runs some."""
    for process in env.processes:
        if process.runs_tasks:
            yield (
                f"Airflow tasks that run now have {SECONDS_TO_END_TASKS} seconds to end if ECS replaces the "
                f"{words(process.name)}. It kills the others, and Airflow retries those whose `retries` allow it."
            )
