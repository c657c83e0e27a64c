"""Runs the one-off tasks between change sets: the exit code of the named container decides."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compiler.contract import AIRFLOW
from deployer.aws.ecs import Task, TaskNetwork
from deployer.aws.errors import AwsRefusal
from deployer.aws.polling import Reminder, Tell, silent
from deployer.aws.session import Session
from deployer.stacks.failure_cause import explain_task
from deployer.stacks.outputs import Outputs
from spec.environment import Environment
from spec.errors import Refusal

_TASK_SECONDS = 3600.0
_CAPACITY_SECONDS = 600.0
_UNSEEN_SECONDS = 120.0
"""How long ECS may not show a task that it has started: its API is eventually consistent.
Source: RunTask, Amazon ECS API reference."""
_CAPACITY = ("Capacity is unavailable", "RESOURCE:", "AGENT")


@dataclass(frozen=True, kw_only=True)
class OneOffTask:
    """One one-off task; `script` is what bash runs in `container`, empty for what the task definition says.

    `subject` is what it works on: a run that comes back with another one does not join the task of the first.
    """

    name: str
    container: str
    task_definition: str
    network: TaskNetwork
    script: str = ""
    subject: str = ""


class OneOffTaskFailure(Refusal):
    """A one-off task did not do its work."""


def database_task(env: Environment, outputs: Outputs, task_definition: str, commands: Sequence[str]) -> OneOffTask:
    """Return the task that runs `commands` with access to the database, stopping at the first that fails."""
    # A logging configuration of the user's own lies on the file system, which may still be empty when this runs.
    lines = ("set -e", "unset AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS", *commands)
    return OneOffTask(
        name="database",
        container=AIRFLOW,
        task_definition=task_definition,
        network=task_network(env, outputs, outputs.command_group),
        script="\n".join(lines),
    )


def task_network(env: Environment, outputs: Outputs, security_group: str) -> TaskNetwork:
    """Return where a one-off task of the environment runs."""
    return TaskNetwork(outputs.subnets, security_group, public_address=env.network.public_addresses)


def run_one_off_tasks(
    session: Session, outputs: Outputs, tasks: Sequence[OneOffTask], run: str, tell: Tell = silent
) -> None:
    """Run tasks at the same time and wait for all; `run` names this attempt, the same name joins tasks it started.

    It `tell`s every minute which of them go on. Raises `OneOffTaskFailure` for the first that failed, in their order.
    """
    started = {_start(session, outputs, task, run): task for task in tasks}
    names = {arn: task.name for arn, task in started.items()}
    ended = _await_end(session, outputs.cluster, names, Reminder(session.clock, tell))
    if ended is None:
        raise OneOffTaskFailure(
            f"A one-off task did not end within {_TASK_SECONDS / 60:.0f} minutes.",
            why=f"Started: {', '.join(task.name for task in tasks)}.",
            next_step="Look at it with `windsock logs`; running the same command again goes on waiting.",
        )
    for arn, task in started.items():
        _judge(session, task, ended.get(arn))


def _start(session: Session, outputs: Outputs, task: OneOffTask, run: str) -> str:
    identity = (run, task.name, task.task_definition, task.script, task.subject)
    token = hashlib.sha256("\0".join(identity).encode()).hexdigest()
    script = outputs.in_airflow(task.script) if task.script and task.container == AIRFLOW else task.script
    command = (task.container, ("bash", "-c", script)) if script else None

    def start() -> str | None:
        try:
            return session.ecs.run(
                outputs.cluster,
                task.task_definition,
                network=task.network,
                token=token,
                started_by=f"windsock-{task.name}",
                command=command,
            )
        except AwsRefusal as error:
            if any(text in error.code for text in _CAPACITY):
                return None
            raise

    arn = session.clock.until(start, limit=_CAPACITY_SECONDS)
    if arn is None:
        raise OneOffTaskFailure(
            f"Fargate has no capacity for the {task.name} task.", next_step="Run the same command again later."
        )
    return arn


def _await_end(session: Session, cluster: str, arns: Mapping[str, str], remind: Reminder) -> Mapping[str, Task] | None:
    """Return the tasks that have ended, without those that ECS does not show for two minutes; None while others run."""
    clock = session.clock
    ended: dict[str, Task] = {}
    seen_at = dict.fromkeys(arns, clock.now())

    def look() -> Mapping[str, Task] | None:
        shown = session.ecs.tasks(cluster, [arn for arn in arns if arn not in ended])
        ended.update({task.arn: task for task in shown if task.status == "STOPPED"})
        seen_at.update(dict.fromkeys((task.arn for task in shown), clock.now()))
        running = [task for task in shown if task.arn not in ended]
        remind(", ".join(f"the {arns[task.arn]} task is {task.status}" for task in running) or "ECS shows no task yet")
        unseen = [arn for arn in arns if arn not in ended and clock.now() - seen_at[arn] < _UNSEEN_SECONDS]
        return None if running or unseen else ended

    clock.sleep(clock.shortest)  # no task ends at once
    return clock.until(look, limit=_TASK_SECONDS)


def _judge(session: Session, task: OneOffTask, ended: Task | None) -> None:
    if ended is None:
        raise OneOffTaskFailure(f"ECS does not remember the {task.name} task.", next_step="Run the same command again.")
    named = next((container for container in ended.containers if container.name == task.container), None)
    if named is not None and named.exit_code == 0:
        return
    raise OneOffTaskFailure(
        f"The {task.name} task failed.",
        why="\n".join(explain_task(session, ended, task.container)),
        next_step="Repair the cause, then run the same command again; it goes on with this step.",
    )
