"""Opens the database or the web server of an environment on a port of this machine, until Ctrl-C.

The way leads through a running container of the environment: by a session of AWS Systems Manager, which needs the
session-manager-plugin, or straight into a kept rehearsal. Prints the command that connects, and the one that shows
where the password is; the password itself with --show-password only.

    windsock tunnel env.yaml
    windsock tunnel env.yaml web --port 8081
"""

import os
import shlex
import socket
from collections.abc import Sequence

from cli.aws_access.account import open_aws
from cli.aws_access.transports import transport_for
from cli.command_line.parser import Parser, add_aws, add_environment
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected
from cli.terminal.screen import columns
from compiler.contract import SCHEDULER, WEB, port, web
from deployer.access.exec_targets import find_exec_target
from deployer.aws.session import Session
from deployer.stacks.outputs import read_outputs
from deployer.stacks.preflight import existing_stack
from deployer.status import password_command
from deployer.tasks.database_endpoint import DatabaseEndpoint, find_database_endpoint, read_password
from spec.environment import Environment
from spec.errors import Refusal

DATABASE = "database"

_LOOPBACK = "127.0.0.1"
_PORT_MAXIMUM = 65535


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument(
        "to", metavar="TO", nargs="?", default=DATABASE, choices=[DATABASE, "web"], help="database (default) or web"
    )
    parser.add_argument(
        "--port", metavar="N", type=int, help="the port here; that of the other end by default, 0 takes a free one"
    )
    parser.add_argument("--show-password", action="store_true", help="print the password of the database's user")
    add_aws(parser)


def run(call: Call) -> int:
    """Open it, say how to connect, and wait."""
    env = selected(call)
    session = open_aws(call, env)
    outputs = read_outputs(existing_stack(env, session))
    way = transport_for(call, session)
    if call.options.to == DATABASE:
        place = find_database_endpoint(session, outputs)
        entrance = find_exec_target(session, outputs, _processes(env), by_agent=way.by_agent)
        here = free_port(place.port if call.options.port is None else call.options.port)
        _tell_database(call, env, session, place, here)
        return way.forward(entrance, (place.host, place.port), here, call.screen)
    there = port(web(env))
    entrance = find_exec_target(session, outputs, (WEB,), by_agent=way.by_agent)
    here = free_port(there if call.options.port is None else call.options.port)
    call.screen.data(f"url  http://{_LOOPBACK}:{here}", now=True)
    return way.forward(entrance, (None, there), here, call.screen)


def connect_command(engine: str, place: DatabaseEndpoint, here: int) -> str:
    """Return the command of the engine's own client; it asks for the password itself."""
    if engine == "mysql":
        where = ["--host", _LOOPBACK, "--port", str(here), "--user", place.user, "--password"]
        return shlex.join(["mysql", *where, place.name])
    facts = {"host": _LOOPBACK, "port": here, "dbname": place.name, "user": place.user}
    words = " ".join(f"{key}={value}" for key, value in facts.items())
    return shlex.join(["psql", f"{words} sslmode=require" if place.tls else words])


def free_port(wanted: int) -> int:
    """Return a port of this machine that is free, `wanted` unless that is 0; raises `Refusal`."""
    if not 0 <= wanted <= _PORT_MAXIMUM:
        raise Refusal(f"There is no port {wanted}.", next_step=f"Choose one up to {_PORT_MAXIMUM}; 0 takes a free one.")
    try:
        with socket.create_server((_LOOPBACK, wanted)) as door:
            return int(door.getsockname()[1])
    except OSError as error:
        raise Refusal(
            f"Port {wanted} on {_LOOPBACK} cannot be had: {os.strerror(error.errno or 0)}.",
            next_step="Choose another one with --port; --port 0 takes a free one.",
        ) from error


def _processes(env: Environment) -> Sequence[str]:
    """Return whose containers may reach the database, the scheduler first, which is replaced least."""
    return (SCHEDULER, *(process.name for process in env.processes if process.name != SCHEDULER))


def _tell_database(call: Call, env: Environment, session: Session, place: DatabaseEndpoint, here: int) -> None:
    rows = [
        ("connect", connect_command(env.database.engine, place, here)),
        ("password", password_command(session.region, place.secret)),
    ]
    if call.options.show_password:
        rows.append(("it is", read_password(session, place)))
    call.screen.data(columns(rows), now=True)
