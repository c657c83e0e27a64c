"""What nobody may read in a template: passwords and keys, generated once and kept in Secrets Manager."""

import json

from troposphere import GetAtt
from troposphere.secretsmanager import GenerateSecretString, Secret

from compiler.contract import CLIENT_KEYS, DATABASE_USER, PLACEHOLDER, client_secret_name
from compiler.model.stack import DROP, Sheet, state
from compiler.model.stack_values import Wire
from spec.environment import Environment

DESCRIPTION = "Passwords and keys, generated once"
TIMEOUT_MINUTES = 15
NEEDS: frozenset[Wire] = frozenset()
GIVES = frozenset(
    {
        Wire.DATABASE_CREDENTIALS,
        Wire.FERNET_SEED,
        Wire.WEBSERVER_SECRET_KEY,
        Wire.JWT_SECRET,
        Wire.ADMIN_PASSWORD,
        Wire.OAUTH_CLIENT,
    }
)

# Changing any of these generates the secret anew, and what was encrypted or signed with the old one is lost.
DATABASE_PASSWORD_LENGTH = 40
FERNET_SEED_LENGTH = 43
SIGNING_KEY_LENGTH = 64
ADMIN_PASSWORD_LENGTH = 24
PLACEHOLDER_LENGTH = 16


def build(env: Environment, sheet: Sheet) -> None:
    """Draw the secrets of an environment."""
    user = json.dumps({"username": DATABASE_USER})
    credentials = _generated(DATABASE_PASSWORD_LENGTH, SecretStringTemplate=user, GenerateStringKey="password")
    _draw(env, sheet, Wire.DATABASE_CREDENTIALS, credentials, "User name and password of the database")
    _draw(env, sheet, Wire.FERNET_SEED, _generated(FERNET_SEED_LENGTH), "Encrypts connections and variables")
    _draw(env, sheet, Wire.WEBSERVER_SECRET_KEY, _generated(SIGNING_KEY_LENGTH), "Signs web sessions and log requests")
    if "jwt" in env.airflow.release.secret_keys.values():
        _draw(env, sheet, Wire.JWT_SECRET, _generated(SIGNING_KEY_LENGTH), "Signs the tokens of tasks and API users")
    _draw(env, sheet, Wire.ADMIN_PASSWORD, _generated(ADMIN_PASSWORD_LENGTH), "Password of the first user")
    if name := client_secret_name(env):
        _draw_client(env, sheet, name)


def _draw_client(env: Environment, sheet: Sheet, name: str) -> None:
    """Draw the secret of the OAuth client, which holds nothing until a person fills it.

    What fills it is the identity provider's to keep: the secret is a copy, so it goes with its stack in any case.
    """
    empty = json.dumps(dict.fromkeys(CLIENT_KEYS, ""))
    secret = sheet.draw(
        Secret(
            Wire.OAUTH_CLIENT.title,
            Name=name,  # `windsock secrets set` fills it by this name
            Description=f"{env.name}: the OAuth client, filled by windsock secrets set",
            GenerateSecretString=_generated(
                PLACEHOLDER_LENGTH, SecretStringTemplate=empty, GenerateStringKey=PLACEHOLDER
            ),
            **DROP,
        ),
        "The OAuth client with which people log in",
    )
    sheet.give(Wire.OAUTH_CLIENT, GetAtt(secret, "Id"))


def _generated(length: int, **template: str) -> GenerateSecretString:
    # Letters and digits alone need no quoting, neither in URLs nor in shells.
    return GenerateSecretString(PasswordLength=length, ExcludePunctuation=True, **template)


def _draw(env: Environment, sheet: Sheet, wire: Wire, generated: GenerateSecretString, description: str) -> None:
    secret = sheet.draw(
        Secret(
            wire.title,
            Description=f"{env.name}: {description}",
            GenerateSecretString=generated,
            **state(protect=env.protect),
        ),
        description,
    )
    sheet.give(wire, GetAtt(secret, "Id"))
