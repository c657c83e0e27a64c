"""Passwords and keys, generated once and kept in Secrets Manager."""

import json

from troposphere import GetAtt
from troposphere.secretsmanager import GenerateSecretString, Secret

from compiler.contract import DATABASE_USER
from compiler.logins.roster import login_of
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder, state
from compiler.model.stack_values import StackValue
from spec.environment import Environment

DESCRIPTION = "Passwords and keys, generated once"
TIMEOUT_MINUTES = 15
INPUTS: frozenset[StackValue] = frozenset()
OUTPUTS = frozenset(
    {
        values.DATABASE_CREDENTIALS,
        values.FERNET_SEED,
        values.WEBSERVER_SECRET_KEY,
        values.JWT_SECRET,
        values.ADMIN_PASSWORD,
        values.OAUTH_CLIENT,
    }
)

# Changing any of these generates the secret anew, and what was encrypted or signed with the old one is lost.
DATABASE_PASSWORD_LENGTH = 40
FERNET_SEED_LENGTH = 43
SIGNING_KEY_LENGTH = 64
ADMIN_PASSWORD_LENGTH = 24


def build(env: Environment, stack: StackBuilder) -> None:
    """Add the secrets of an environment."""
    user = json.dumps({"username": DATABASE_USER})
    credentials = _generated(DATABASE_PASSWORD_LENGTH, SecretStringTemplate=user, GenerateStringKey="password")
    _add(env, stack, values.DATABASE_CREDENTIALS, credentials, "User name and password of the database")
    _add(env, stack, values.FERNET_SEED, _generated(FERNET_SEED_LENGTH), "Encrypts connections and variables")
    _add(env, stack, values.WEBSERVER_SECRET_KEY, _generated(SIGNING_KEY_LENGTH), "Signs web sessions and log requests")
    if "jwt" in env.airflow.release.secret_keys.values():
        _add(env, stack, values.JWT_SECRET, _generated(SIGNING_KEY_LENGTH), "Signs the tokens of tasks and API users")
    _add(env, stack, values.ADMIN_PASSWORD, _generated(ADMIN_PASSWORD_LENGTH), "Password of the first user")
    login_of(env).add_secrets(stack)


def _generated(length: int, **template: str) -> GenerateSecretString:
    # Letters and digits alone need no quoting, neither in URLs nor in shells.
    return GenerateSecretString(PasswordLength=length, ExcludePunctuation=True, **template)


def _add(
    env: Environment, stack: StackBuilder, value: StackValue, generated: GenerateSecretString, description: str
) -> None:
    secret = stack.add(
        Secret(
            value.title,
            Description=f"{env.name}: {description}",
            GenerateSecretString=generated,
            **state(protect=env.protect),
        ),
        description,
    )
    stack.output(value, GetAtt(secret, "Id"))
