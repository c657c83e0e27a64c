"""Prints the logs of an environment's processes: time in UTC, level, process or task, and message.

Without PROCESS the lines of all processes are merged by time. Requests of health checks are left out. --raw prints
every line as it was written, which is JSON.

    windsock logs --level error --since 2h
    windsock logs --dag orders --task load
"""

import heapq
import re
from collections.abc import Iterator

from cli.aws_access.account import open_aws
from cli.command_line.parser import Parser, UsageRefusal, add_aws, add_environment
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected
from compiler.contract import WORKER
from deployer.access.log_entries import LEVELS, EntryFilter, read_entry
from deployer.access.logs import read_logs
from deployer.aws.logs import LogLine
from deployer.aws.session import Session
from spec.environment import Environment

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument(
        "process",
        metavar="PROCESS",
        nargs="?",
        help="webserver, scheduler, dag-processor, triggerer, worker, command or sync",
    )
    parser.add_argument("-f", "--follow", action="store_true", help="go on until Ctrl-C; needs PROCESS")
    parser.add_argument(
        "--since", metavar="AGE", default="10m", help="how far to look back: 30s, 10m, 2h, 3d; 10m by default"
    )
    parser.add_argument("--dag", metavar="ID", default="", help="only lines that tasks of this DAG wrote")
    parser.add_argument("--task", metavar="ID", default="", help="only lines that this task wrote")
    parser.add_argument(
        "--level", metavar="LEVEL", choices=LEVELS, default="", help=f"from this level on: {', '.join(LEVELS)}"
    )
    parser.add_argument("--raw", action="store_true", help="print every line as it was written")
    add_aws(parser)


def run(call: Call) -> int:
    """Print the lines."""
    age = seconds_of(call.options.since)
    env = selected(call)
    if call.options.follow and not call.options.process:
        names = ", ".join(_speakers(env))
        raise UsageRefusal("--follow needs a PROCESS.", next_step=f"Choose one: {names}.")
    session = open_aws(call, env)
    since = session.clock.now() - age
    if call.options.process:
        name = call.options.process
        for line in read_logs(env, session, name, since=since, follow=call.options.follow):
            _show(call, name, line, line.text)
        return 0
    for name, line in _merged(env, session, since):
        _show(call, name, line, f"{name}: {line.text}")
    return 0


def _show(call: Call, process: str, line: LogLine, raw: str) -> None:
    """Print a line that passes the filters."""
    options = call.options
    entry = read_entry(process, line.time, line.text)
    if not EntryFilter(dag=options.dag, task=options.task, level=options.level).passes(entry):
        return
    if options.raw:
        call.screen.data(raw, now=options.follow)
    elif not entry.is_noise:
        call.screen.data(str(entry), now=options.follow)


def _merged(env: Environment, session: Session, since: float) -> Iterator[tuple[str, LogLine]]:
    streams = [[(name, line) for line in read_logs(env, session, name, since=since)] for name in _speakers(env)]
    return heapq.merge(*streams, key=lambda pair: pair[1].time)


def _speakers(env: Environment) -> tuple[str, ...]:
    return (*(process.name for process in env.processes), *((WORKER,) if env.executor.has_workers else ()))


def seconds_of(text: str) -> float:
    """Read an age such as `10m`; raises `UsageRefusal`."""
    match = re.fullmatch(r"(\d{1,9})([smhd])", text)
    if not match:
        raise UsageRefusal(f"--since does not understand {text!r}.", next_step="Write it as 30s, 10m, 2h or 3d.")
    return float(match[1]) * _SECONDS[match[2]]
