"""Passwords and keys, generated once and kept in Secrets Manager."""

from compiler.databases.roster import database_of
from compiler.logins.roster import login_of
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.resources.credentials import add_secret, generated
from spec.environment import Environment

DESCRIPTION = "Passwords and keys, generated once"
TIMEOUT_MINUTES = 15
INPUTS = frozenset({values.ENCRYPTION_KEY})
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
FERNET_SEED_LENGTH = 43
SIGNING_KEY_LENGTH = 64
ADMIN_PASSWORD_LENGTH = 24


def build(env: Environment, stack: StackBuilder) -> None:
    """Add the secrets of an environment."""
    database_of(env).add_credentials(stack)
    add_secret(env, stack, values.FERNET_SEED, generated(FERNET_SEED_LENGTH), "Encrypts connections and variables")
    add_secret(
        env, stack, values.WEBSERVER_SECRET_KEY, generated(SIGNING_KEY_LENGTH), "Signs web sessions and log requests"
    )
    if "jwt" in env.airflow.release.secret_keys.values():
        add_secret(
            env, stack, values.JWT_SECRET, generated(SIGNING_KEY_LENGTH), "Signs the tokens of tasks and API users"
        )
    add_secret(env, stack, values.ADMIN_PASSWORD, generated(ADMIN_PASSWORD_LENGTH), "Password of the first user")
    login_of(env).add_secrets(stack)
