"""Reads the log lines of a deployed environment, and goes on reading."""

from collections.abc import Iterator

from deployer.aws.logs import LogLine
from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs, read_outputs
from deployer.stacks.preflight import check_account, existing_stack
from spec.environment import Environment
from spec.errors import Refusal

_OVERLAP_SECONDS = 10.0
"""CloudWatch takes lines in late; so much of the past is read again, and what was seen is left out."""


class UnknownLog(Refusal):
    """There is no log of that name."""

    exit_code = 2


def read_logs(
    env: Environment, session: Session, process: str, *, since: float, follow: bool = False
) -> Iterator[LogLine]:
    """Yield the lines of a process (or of `command` or `sync`) since a time in seconds, oldest first, as written.

    With `follow` it goes on until it is interrupted.
    """
    check_account(env, session)
    group = _group(read_outputs(existing_stack(env, session)), process)
    seen: dict[str, float] = {}
    start = since
    while True:
        for line in session.logs.lines(group, start):
            if line.id not in seen:
                seen[line.id] = line.time
                yield line
        if not follow:
            return
        start = max(since, max(seen.values(), default=since) - _OVERLAP_SECONDS)
        seen = {id_: time for id_, time in seen.items() if time >= start}
        session.clock.sleep(session.clock.longest)


def _group(outputs: Outputs, process: str) -> str:
    name = process.replace("-", "_")
    if name not in outputs.log_groups:
        valid = ", ".join(outputs.log_groups)
        raise UnknownLog(f"There is no log of {process!r}.", next_step=f"Valid: {valid}.")
    return outputs.log_groups[name]
