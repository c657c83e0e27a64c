"""Stores the OAuth client of an environment in Secrets Manager.

Asks for client id and secret or, without a terminal, reads them from stdin: either on a line of their own, or the JSON
that the identity provider offers for download. They stand in no argument, no template and no log.

    windsock secrets set env.yaml oauth
    windsock secrets set env.yaml oauth < client_secret.json
"""

import json

from cli.aws_access.account import open_aws
from cli.command_line.parser import Parser, UsageRefusal, add_aws, add_environment
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected, selected_arguments
from cli.terminal.interruption import interruptible
from cli.terminal.screen import Screen
from compiler.contract import redirect_uris
from deployer.access.oauth_client import Client, fillable, set_client


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("action", metavar="ACTION", choices=["set"], help="set")
    add_environment(parser)
    parser.add_argument(
        "name", metavar="NAME", help="name of the secret: auth.client of the environment, such as oauth"
    )
    add_aws(parser)


def run(call: Call) -> int:
    """Store a client, and say what to do next."""
    env = selected(call)
    session = open_aws(call, env)
    fillable(env, session, call.options.name)  # before a question, so that the answer can be stored
    for uri in redirect_uris(env):
        call.screen.say(f"Its redirect URI: {uri}")
    with interruptible("Nothing was stored."):
        client = read_client(call.screen)
    set_client(env, session, call.options.name, client)
    call.screen.say(f"Stored. `windsock deploy {selected_arguments(call)}` lets the web server read it.")
    return 0


def read_client(screen: Screen) -> Client:
    """Read a client; raises `UsageRefusal` when the input is none."""
    first = screen.answer("Client id")
    if first.startswith("{"):
        return _of_json(first + screen.rest())
    secret = screen.answer("Client secret", hidden=True)
    if not first or not secret:
        raise _unreadable()
    return Client(first, secret)


def _of_json(text: str) -> Client:
    try:
        document = json.loads(text)
        client = document.get("web", document)
        return Client(str(client["client_id"]), str(client["client_secret"]))
    except (ValueError, KeyError, AttributeError, TypeError):
        raise _unreadable() from None  # the message of the cause would quote the secret


def _unreadable() -> UsageRefusal:
    return UsageRefusal(
        "That is no OAuth client.",
        next_step="Pipe in its id and its secret on two lines, or the JSON with client_id and client_secret.",
    )
