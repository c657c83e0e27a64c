"""A command task that waits for a shell: started, waited for, and ended with the shell that was in it."""

import secrets
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from compiler.contract import AIRFLOW
from deployer.aws.ecs import Task
from deployer.aws.exec_sessions import ExecTarget
from deployer.aws.session import Session
from deployer.progress import Progress
from deployer.stacks.failure_cause import explain_task
from deployer.stacks.outputs import Outputs
from deployer.tasks.one_off_tasks import task_network
from spec.environment import Environment
from spec.errors import Refusal

HOURS = 8
"""How long a task that everybody forgot goes on."""

_START_SECONDS = 600.0
_END_SECONDS = 60.0
_ENDING = frozenset({"DEACTIVATING", "DEPROVISIONING", "STOPPED", "STOPPING"})
_STARTED_BY = "windsock-shell"
_REASON = "windsock shell"
_AIRFLOW_USER = 50000
_CODE_FILE = "/tmp/windsock-shell"  # noqa: S108  # in the container, which nobody else is in

# The container's own process ends when the shell writes its exit code into a file, and takes over that code.
_WAIT = f"""\
trap 'exit 143' TERM
for ((left = {HOURS * 3600}; left > 0; left--)); do
  [ -s {_CODE_FILE} ] && exit "$(cat {_CODE_FILE})"
  sleep 1
done
echo 'The shell was open for {HOURS} hours; its time is up.'
exit 124
"""

_WORK = f"""\
code=129
trap 'echo "$code" > {_CODE_FILE}' EXIT
%s
code=$?
exit "$code"
"""


class ShellFailure(Refusal):
    """A shell could not be opened."""


@dataclass
class ShellTask:
    """A task with a container to come into; `exit_code` is that of what was run there, once it has ended."""

    exec_target: ExecTarget
    exit_code: int | None = field(default=None)


@contextmanager
def shell_task(
    env: Environment, session: Session, outputs: Outputs, progress: Progress, *, by_agent: bool
) -> Iterator[ShellTask]:
    """Start a command task and yield the container to enter; leaving the block ends it, whatever happened inside.

    With `by_agent` its agent of ECS Exec must answer. Raises `ShellFailure` when the task does not start.
    """
    arn = session.ecs.run(
        outputs.cluster,
        outputs.command_task,
        network=task_network(env, outputs, outputs.command_group),
        token=secrets.token_hex(16),
        started_by=_STARTED_BY,
        command=(AIRFLOW, ("bash", "-c", outputs.in_airflow(_WAIT))),
        by_exec=True,
    )
    try:
        progress.phase("shell", f"task {arn.rpartition('/')[2]}, which ends with the shell, or after {HOURS} hours")
        task = ShellTask(_wait_for(session, outputs, arn, by_agent=by_agent))
        yield task
        task.exit_code = _exit_code(session, outputs, arn)
    finally:
        session.ecs.stop(outputs.cluster, arn, _REASON)


def shell_command(words: Sequence[str]) -> str:
    """Return the one command that ECS Exec takes: `words`, or a shell, as Airflow's user, with its exit code."""
    work = _WORK % (shlex.join(words) if words else "bash")
    # Sessions are root's whatever the task definition says, and Airflow is installed for its own user.
    script = f"""\
if [ "$(id -u)" = 0 ]; then
  export HOME=/home/airflow
  exec setpriv --reuid={_AIRFLOW_USER} --regid=0 --clear-groups bash -c {shlex.quote(work)}
fi
exec bash -c {shlex.quote(work)}
"""
    return shlex.join(["bash", "-c", script])


def _wait_for(session: Session, outputs: Outputs, arn: str, *, by_agent: bool) -> ExecTarget:
    def look() -> ExecTarget | Task | None:
        (task,) = session.ecs.tasks(outputs.cluster, (arn,)) or (None,)
        if task is not None and task.status in _ENDING:
            return task
        exec_targets = session.exec_sessions.exec_targets(outputs.cluster, (arn,), AIRFLOW)
        return next((one for one in exec_targets if not by_agent or one.agent == "RUNNING"), None)

    seen = session.clock.until(look, limit=_START_SECONDS)
    if isinstance(seen, ExecTarget):
        return seen
    why = explain_task(session, seen, AIRFLOW) if isinstance(seen, Task) else ("ECS Exec does not answer in it.",)
    raise ShellFailure("The task for the shell did not start.", why="\n".join(why), next_step="Run it again.")


def _exit_code(session: Session, outputs: Outputs, arn: str) -> int | None:
    """Return the exit code of the container; None when it went on, so that it is unknown."""

    def look() -> Task | None:
        return next((task for task in session.ecs.tasks(outputs.cluster, (arn,)) if task.status == "STOPPED"), None)

    ended = session.clock.until(look, limit=_END_SECONDS)
    codes = (container.exit_code for container in ended.containers if container.name == AIRFLOW) if ended else ()
    return next(iter(codes), None)
