"""Opens the page of an environment in a browser, and prints its address.

An environment that sleeps until something is due it wakes first, and waits until it is healthy; of one that sleeps by
the clock it says until when, and how to wake it. In a rehearsal that is kept it is the same address that `rehearse`,
`dev` and `status` tell. --password prints the password of the first user instead, and nothing else, so that a script
can read it.

    windsock open env.yaml
    windsock open env.yaml --password
"""

import webbrowser

from cli.aws_access.account import open_aws, page_url
from cli.aws_access.sleeper import awake
from cli.command_line.parser import Parser, add_aws, add_environment
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected, selected_arguments
from deployer.stacks.outputs import read_outputs
from deployer.stacks.preflight import existing_stack
from spec.errors import Refusal


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument(
        "--password", action="store_true", help="print the password of the first user, and open nothing"
    )
    add_aws(parser)


def run(call: Call) -> int:
    """Print the address or the password; a browser is opened from a terminal alone."""
    env = selected(call)
    session = open_aws(call, env)
    outputs = read_outputs(existing_stack(env, session))
    if call.options.password:
        call.screen.say(f"The password of {env.auth.first_user.username}:")
        call.screen.data(session.secrets.read(outputs.admin_secret))
        return 0
    url = address(call, env.name, outputs.url)
    call.screen.data(url, now=True)
    awake(call, env, session, outputs)
    if call.screen.live:
        webbrowser.open(url)
    return 0


def address(call: Call, name: str, url: str) -> str:
    """Return the address of the page for this machine; `url` is what the environment itself says."""
    if not url:
        raise Refusal(
            f"{name} has no page on the internet: it is without a load balancer.",
            next_step=f"Open it on this machine with `windsock tunnel {selected_arguments(call)} web`.",
        )
    return page_url(call, name, url)
