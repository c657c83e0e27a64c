"""Opens a shell in a new command container of an environment, or runs a command there, and ends the container with it.

The container has Airflow, its configuration, the code and the database, and serves this shell alone. On AWS the shell
uses ECS Exec, which needs the session-manager-plugin. An environment that sleeps until something is due is woken first.
Ends with the exit code of the command.

    windsock shell env.yaml
    windsock shell env.yaml -- airflow dags list
"""

from cli.aws_access.account import open_aws
from cli.aws_access.sleeper import awake
from cli.aws_access.transports import transport_for
from cli.command_line.parser import Parser, add_aws, add_environment
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected
from cli.terminal.progress_lines import Lines
from deployer.access.shell import shell_command, shell_task
from deployer.stacks.outputs import read_outputs
from deployer.stacks.preflight import existing_stack


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument("command", metavar="COMMAND", nargs="*", help="what to run, after --; a shell by default")
    add_aws(parser)


def run(call: Call) -> int:
    """Open it, and hand the terminal over until it ends."""
    env = selected(call)
    session = open_aws(call, env)
    outputs = read_outputs(existing_stack(env, session))
    awake(call, env, session, outputs)
    transport = transport_for(call, session)
    with shell_task(env, session, outputs, Lines(call.screen.say), by_agent=transport.by_agent) as task:
        code = transport.command(task.exec_target, shell_command(call.options.command))
    return code if task.exit_code is None else task.exit_code
