"""Knows whether people can log in: whether the secret of the OAuth client is filled, and fills it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from compiler.contract import (
    CLIENT_KEYS,
    PLACEHOLDER,
    SECRETS,
    RootParameter,
    client_secret_name,
    redirect_uris,
    template_parameter,
)
from deployer.aws.session import Session
from deployer.aws.stacks import Stack
from deployer.progress import Progress
from deployer.stacks.change_sets import Target
from deployer.stacks.rollout import roll_out
from spec.environment import Environment
from spec.errors import Refusal

NO_VERSION = "none"
"""What the root's parameter says while nobody can log in."""

_SECRETS = template_parameter(SECRETS)


@dataclass(frozen=True)
class Client:
    """An OAuth client, as the identity provider gave it out."""

    client_id: str
    client_secret: str = field(repr=False)


class ClientRefusal(Refusal):
    """People cannot log in yet."""

    def __init__(self, env: Environment) -> None:
        uris = "\n".join(f"  {uri}" for uri in redirect_uris(env))
        super().__init__(
            f"There is no OAuth client in {client_secret_name(env)}: nobody could log in, so nothing was switched on.",
            why=f"Register a web application at {env.auth.kind}, with exactly this redirect URI:\n{uris}",
            next_step=f"Store its id and secret with `windsock secrets set ENV {_client_name(env)}`; deploy again.",
        )


class UnknownSecret(Refusal):
    """There is no secret to fill."""

    exit_code = 2


def client_parameter(env: Environment, session: Session) -> dict[str, str]:
    """Return the root's parameter with the version of the client; a new version replaces the web server."""
    if client_secret_name(env) is None:
        return {}
    return {RootParameter.OAUTH_VERSION: _client_version(env, session) or NO_VERSION}


def refuse_without_client(env: Environment, session: Session) -> None:
    """Raise `ClientRefusal` when the YAML names an identity provider and no OAuth client is stored."""
    if client_secret_name(env) and _client_version(env, session) is None:
        raise ClientRefusal(env)


def make_secret(
    env: Environment, session: Session, stack: Stack, published: Mapping[str, str], progress: Progress
) -> None:
    """Make the empty secret in a running environment, and nothing else of what its YAML now says.

    The root as it is deployed names the template of each nested stack in a parameter, so one of them can go ahead.
    """
    name = client_secret_name(env)
    if name is None or session.secrets.held(name) is not None:
        return
    progress.phase("client", f"{name}, to be filled")
    ahead = {**stack.parameters, _SECRETS: published[_SECRETS]}
    target = Target(
        name=env.name,
        body=session.cloudformation.template(stack.id),
        parameters=ahead,
        tags=stack.tags,
        role=env.aws.cloudformation_role,
    )
    roll_out(session, target, progress)


def set_client(env: Environment, session: Session, name: str, client: Client) -> None:
    """Store the OAuth client; the next deploy lets the web server read it. Raises `UnknownSecret`."""
    value = dict(zip(CLIENT_KEYS, (client.client_id, client.client_secret), strict=True))
    session.secrets.fill(fillable(env, session, name), json.dumps(value))


def fillable(env: Environment, session: Session, name: str) -> str:
    """Return the full name of the secret that is to hold the client.

    Raises `UnknownSecret` when the environment names no such secret, or has not been deployed with it.
    """
    expected = client_secret_name(env)
    if expected is None or name != _client_name(env):
        valid = f"Valid: {_client_name(env)}." if expected else "Its people log in with a password."
        raise UnknownSecret(f"{env.name} has no secret {name!r} to be filled.", why=valid)
    if session.secrets.held(expected) is None:
        raise UnknownSecret(
            f"There is no secret {expected} in this account and region yet.",
            why="The stacks make it, empty; until it is filled they switch nothing on.",
            next_step="Run `windsock deploy` first.",
        )
    return expected


def _client_name(env: Environment) -> str:
    return (client_secret_name(env) or "").rpartition("/")[2]


def _client_version(env: Environment, session: Session) -> str | None:
    held = session.secrets.held(client_secret_name(env) or "")
    return held.version if held and is_filled(held.value) else None


def is_filled(value: str) -> bool:
    """Return whether a secret with this value holds an OAuth client."""
    try:
        held = json.loads(value)
    except ValueError:
        return False
    return isinstance(held, dict) and PLACEHOLDER not in held and all(held.get(key) for key in CLIENT_KEYS)
