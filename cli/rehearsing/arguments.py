"""The command line of the verbs that run an environment on this machine, and what it asks for."""

from acceptance.databases import begins_empty
from acceptance.emulated_aws import Ports
from acceptance.run import Options, Rehearsal
from acceptance.steps import Steps
from cli.command_line.parser import Parser
from cli.command_line.verb import Call
from cli.compiling.compiled import Compiled
from cli.terminal.cache_dir import cache_root
from compiler.compile import compile_environment
from deployer.databases.dump_file import DumpFile

WEB_PORT = 8080
ENDPOINT_PORT = 4566
EMPTY = "database.restore_from was left out: what it names is not on this machine, and the database began empty."


def add_ports(parser: Parser) -> None:
    """Declare the ports of this machine at which it answers."""
    parser.add_argument("--port", type=int, default=WEB_PORT, help="port of the web server; 0 takes a free one")
    parser.add_argument(
        "--endpoint-port", type=int, default=ENDPOINT_PORT, help="port of the AWS API; 0 takes a free one"
    )


def steps_of(call: Call) -> Steps:
    """Return steps that tell a person or, with --events, a program what is done."""
    events = call.screen.event_lines
    return Steps(say=events.note, begin=events.phase) if events else Steps(say=call.screen.say)


def rehearsal_of(call: Call, compiled: Compiled, steps: Steps, dags: tuple[str, ...] = ()) -> Rehearsal:
    """Return the rehearsal of a compiled environment that a command line asks for."""
    where = Options(
        checkout=compiled.project.absolute(),
        home=compiled.home.absolute(),
        cache=cache_root(call.variables),
        dags=dags,
        ports=Ports(web=call.options.port, endpoint=call.options.endpoint_port),
    )
    dump = DumpFile.of(compiled.env, compiled.project)
    env = compiled.env if dump and dump.path.is_file() else begins_empty(compiled.env)
    templates = compiled.templates
    if env is not compiled.env:
        steps.remark(EMPTY)
        templates = compile_environment(env)
    return Rehearsal(env=env, templates=templates, steps=steps, options=where, progress=call.screen.progress)
