"""Opens the database or the web server of an environment on a port of this machine, until Ctrl-C.

The tunnel leads through a running container of the environment. On AWS it is a session of Systems Manager, which needs
the session-manager-plugin; a kept rehearsal needs none. An environment that sleeps until something is due is woken
first. Prints the command that connects, and the one that shows the password; the password itself with --show-password
only.

    windsock tunnel env.yaml
    windsock tunnel env.yaml web --port 8081
"""

import os
import shlex
import socket
from collections.abc import Sequence

from cli.aws_access.account import open_aws
from cli.aws_access.sleeper import awake
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
    awake(call, env, session, outputs)
    transport = transport_for(call, session)
    if call.options.to == DATABASE:
        endpoint = find_database_endpoint(session, outputs)
        target = find_exec_target(session, outputs, _processes(env), by_agent=transport.by_agent)
        here = free_port(endpoint.port if call.options.port is None else call.options.port)
        _print_database(call, env, session, endpoint, here)
        return transport.forward(target, (endpoint.host, endpoint.port), here, call.screen)
    there = port(web(env))
    target = find_exec_target(session, outputs, (WEB,), by_agent=transport.by_agent)
    here = free_port(there if call.options.port is None else call.options.port)
    call.screen.data(f"url  http://{_LOOPBACK}:{here}", now=True)
    return transport.forward(target, (None, there), here, call.screen)


def connect_command(engine: str, endpoint: DatabaseEndpoint, here: int) -> str:
    """Return the command of the engine's own client, which asks for the password."""
    if engine == "mysql":
        where = ["--host", _LOOPBACK, "--port", str(here), "--user", endpoint.user, "--password"]
        return shlex.join(["mysql", *where, endpoint.name])
    facts = {"host": _LOOPBACK, "port": here, "dbname": endpoint.name, "user": endpoint.user}
    options = " ".join(f"{key}={value}" for key, value in facts.items())
    return shlex.join(["psql", f"{options} sslmode=require" if endpoint.tls else options])


def free_port(wanted: int) -> int:
    """Return a port of this machine that is free, `wanted` unless that is 0; raises `Refusal`."""
    if not 0 <= wanted <= _PORT_MAXIMUM:
        raise Refusal(f"There is no port {wanted}.", next_step=f"Choose one up to {_PORT_MAXIMUM}; 0 takes a free one.")
    try:
        with socket.create_server((_LOOPBACK, wanted)) as server:
            return int(server.getsockname()[1])
    except OSError as error:
        raise Refusal(
            f"Port {wanted} on {_LOOPBACK} cannot be had: {os.strerror(error.errno or 0)}.",
            next_step="Choose another one with --port; --port 0 takes a free one.",
        ) from error


def _processes(env: Environment) -> Sequence[str]:
    """Return the processes whose containers may reach the database; first the scheduler, which restarts least."""
    return (SCHEDULER, *(process.name for process in env.processes if process.name != SCHEDULER))


def _print_database(call: Call, env: Environment, session: Session, endpoint: DatabaseEndpoint, here: int) -> None:
    rows = [
        ("connect", connect_command(env.database.engine, endpoint, here)),
        ("password", password_command(session.region, endpoint.secret)),
    ]
    if call.options.show_password:
        rows.append(("it is", read_password(session, endpoint)))
    call.screen.data(columns(rows), now=True)
