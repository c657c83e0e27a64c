"""Finds the running container through which one gets into an environment."""

from collections.abc import Sequence

from compiler.contract import AIRFLOW
from deployer.aws.exec_sessions import ExecTarget
from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs
from spec.errors import Refusal

_AGENT_SECONDS = 60.0
_READY = "RUNNING"


class ExecTargetRefusal(Refusal):
    """There is no way in."""


def find_exec_target(session: Session, outputs: Outputs, processes: Sequence[str], *, by_agent: bool) -> ExecTarget:
    """Return a container of the first of these processes that runs; raises `ExecTargetRefusal`.

    With `by_agent` its agent of ECS Exec must answer, which takes some seconds in a container that has just started.
    """
    seen: list[ExecTarget] = []

    def look() -> ExecTarget | None:
        seen[:] = [entrance for process in processes for entrance in _running(session, outputs, process)]
        ready = (entrance for entrance in seen if not by_agent or entrance.agent == _READY)
        found = next(ready, None)
        if found is None and not seen:
            raise _nothing_runs(processes)
        return found

    found = session.clock.until(look, limit=_AGENT_SECONDS)
    if found is None:
        agents = ", ".join(sorted({entrance.agent or "none" for entrance in seen}))
        raise ExecTargetRefusal(
            "No running container has an agent of ECS Exec that answers.",
            why=f"Seen: {agents}. The agent starts with a task and needs a way to ssmmessages over HTTPS.",
            next_step="Replace the tasks with `windsock push` or `windsock deploy`, then try again.",
        )
    return found


def _running(session: Session, outputs: Outputs, process: str) -> tuple[ExecTarget, ...]:
    service = outputs.services.get(process)
    if service is None:
        return ()
    arns = session.ecs.task_arns(outputs.cluster, service=service)
    return session.exec_sessions.entrances(outputs.cluster, arns, AIRFLOW)


def _nothing_runs(processes: Sequence[str]) -> ExecTargetRefusal:
    return ExecTargetRefusal(
        f"Nothing runs through which to get in: no task of {' or '.join(processes)}.",
        why="The way leads through a running container of the environment.",
        next_step="`windsock status` tells how it is; a deploy that was interrupted is finished by `windsock deploy`.",
    )
