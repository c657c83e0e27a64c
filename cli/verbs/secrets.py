"""Stores, lists and removes the secrets of an environment in Secrets Manager.

`set` asks for the value or, without a terminal, reads it from stdin: it stands in no argument, no template and no log.
The secret NAME of the environment demo is demo/NAME, which the YAML names in airflow.secrets, airflow.connections or
airflow.variables. For the OAuth client, auth.client of the YAML, it reads client id and secret: either on a line of
their own, or the JSON that the identity provider offers for download.

`list` shows what the YAML names and what was set, without any value. `rm` asks first; the secret can be restored for 30
days by setting it again.

    windsock secrets set env.yaml warehouse
    windsock secrets set env.yaml warehouse < warehouse.json
    windsock secrets set env.yaml oauth
    windsock secrets list env.yaml
    windsock secrets rm env.yaml warehouse
"""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from cli.aws_access.account import open_aws
from cli.command_line.parser import Parser, UsageRefusal, add_aws, add_environment, add_events, add_json
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected, selected_arguments
from cli.terminal.interruption import interruptible
from cli.terminal.screen import Screen, columns
from compiler.contract import redirect_uris
from deployer.access.oauth_client import Client, fillable, set_client
from deployer.access.secrets import Listed, list_secrets, own_name, remove_secret, set_secret
from deployer.aws.session import Session
from deployer.lifetime.asleep import told_asleep
from deployer.stacks.outputs import read_outputs
from spec.environment import Environment

_NOTHING = "Nothing was stored."


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("action", metavar="ACTION", choices=list(_ACTIONS), help="set, list or rm")
    add_environment(parser)
    parser.add_argument(
        "name", metavar="NAME", nargs="?", help="name of the secret, such as warehouse; list takes none"
    )
    parser.add_argument("-y", "--yes", action="store_true", help="remove without asking")
    add_aws(parser)
    add_json(parser)
    add_events(parser)


def run(call: Call) -> int:
    """Do what the action says."""
    _refuse_name(call.options.action, call.options.name)
    env = selected(call)
    _ACTIONS[call.options.action](call, env, open_aws(call, env))
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


def _refuse_name(action: str, name: str | None) -> None:
    if action == "list" and name:
        raise UsageRefusal(f"windsock secrets list takes no name, and {name!r} is one.", next_step="Leave it out.")
    if action != "list" and not name:
        raise UsageRefusal(f"windsock secrets {action} needs the name of a secret.", next_step="Such as warehouse.")


def _set(call: Call, env: Environment, session: Session) -> None:
    name = call.options.name
    if name == env.auth.oauth_client:
        _set_client(call, env, session)
        return
    whole = own_name(env, name)
    with interruptible(_NOTHING):
        set_secret(env, session, name, call.screen.secret(f"Value of {whole}"))
    call.screen.result({"environment": env.name, "stored": whole}, "", as_json=call.options.json)
    call.screen.say(f"Stored {whole}{use_of(env, whole, selected_arguments(call))}")
    stack = session.cloudformation.stack(env.name) if env.schedule else None
    if stack and stack.outputs and (asleep := told_asleep(env, session, read_outputs(stack))):
        call.screen.say(f"{asleep} Its containers have the value when they start.")


def use_of(env: Environment, whole: str, arguments: str) -> str:
    """Return how a sentence about a stored secret ends: who has it from when on."""
    used = [variable for variable, source in env.secret_sources.items() if source.secret == whole]
    if env.database.dump and env.database.dump.fernet_key == whole:
        return ": the first `windsock deploy` takes it over with the dump."
    if used:
        filled = f"{', '.join(used)} {'have' if len(used) > 1 else 'has'} it in every container that starts from now on"
        return f": {filled}. `windsock deploy {arguments}` starts them anew."
    return f". The YAML does not name it yet: airflow.secrets: {{NAME: {{secret: {whole}}}}}"


def _set_client(call: Call, env: Environment, session: Session) -> None:
    fillable(env, session, call.options.name)  # before a question, so that the answer can be stored
    for uri in redirect_uris(env):
        call.screen.say(f"Its redirect URI: {uri}")
    with interruptible(_NOTHING):
        client = read_client(call.screen)
    set_client(env, session, call.options.name, client)
    call.screen.result({"environment": env.name, "stored": call.options.name}, "", as_json=call.options.json)
    call.screen.say(f"Stored. `windsock deploy {selected_arguments(call)}` lets the web server read it.")


def _list(call: Call, env: Environment, session: Session) -> None:
    listed = list_secrets(env, session)
    if call.screen.events:
        call.screen.result({"environment": env.name, "secrets": [_entry(each) for each in listed]}, "", as_json=True)
    elif call.options.json:
        call.screen.data(json.dumps([_entry(each) for each in listed], indent=2))
    elif listed:
        rows = [(each.kind, each.name, _state(each), ", ".join(each.variables)) for each in listed]
        call.screen.data(columns([("KIND", "NAME", "STATE", "FILLS"), *rows]))
    else:
        call.screen.say(f"The YAML of {env.name} names no secret, and none was set.")


def _rm(call: Call, env: Environment, session: Session) -> None:
    whole = own_name(env, call.options.name)
    question = f"Remove {whole}? Containers that need it will not start any more."
    if not call.screen.confirm_by_name(question, call.options.name, yes=call.options.yes):
        call.screen.say("Nothing was removed.")
        return
    ends = remove_secret(env, session, call.options.name)
    facts = {"environment": env.name, "removed": whole, "until": ends.isoformat()}
    call.screen.result(facts, "", as_json=call.options.json)
    call.screen.say(f"Removed {whole}; until {ends:%Y-%m-%d} `windsock secrets set` brings it back with a new value.")


_ACTIONS: Mapping[str, Callable[[Call, Environment, Session], None]] = MappingProxyType(
    {"set": _set, "list": _list, "rm": _rm}
)


def _entry(each: Listed) -> dict[str, object]:
    ends = each.ends.isoformat() if each.ends else None
    return {"kind": each.kind, "name": each.name, "variables": each.variables, "filled": each.filled, "ends": ends}


def _state(each: Listed) -> str:
    if each.ends:
        return f"removed, until {each.ends:%Y-%m-%d}"
    return {True: "set", False: "missing", None: "unknown"}[each.filled]


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
