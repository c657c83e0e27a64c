"""What nobody may read in a template: passwords and keys, generated once and kept in Secrets Manager."""

from troposphere import GetAtt
from troposphere.secretsmanager import GenerateSecretString, Secret

from compiler.stack import Sheet, state
from compiler.wires import Wire
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
    }
)

# Changing any of these generates the secret anew, and what was encrypted or signed with the old one is lost.
DATABASE_PASSWORD_LENGTH = 40
FERNET_SEED_LENGTH = 43
SIGNING_KEY_LENGTH = 64
ADMIN_PASSWORD_LENGTH = 24
DATABASE_USER = '{"username": "airflow"}'


def build(env: Environment, sheet: Sheet) -> None:
    """Draw the secrets of an environment."""
    credentials = _generated(DATABASE_PASSWORD_LENGTH, SecretStringTemplate=DATABASE_USER, GenerateStringKey="password")
    _draw(env, sheet, Wire.DATABASE_CREDENTIALS, credentials, "User name and password of the database")
    _draw(env, sheet, Wire.FERNET_SEED, _generated(FERNET_SEED_LENGTH), "Encrypts connections and variables")
    _draw(env, sheet, Wire.WEBSERVER_SECRET_KEY, _generated(SIGNING_KEY_LENGTH), "Signs web sessions and log requests")
    if "jwt" in env.airflow.release.secret_keys.values():
        _draw(env, sheet, Wire.JWT_SECRET, _generated(SIGNING_KEY_LENGTH), "Signs the tokens of tasks and API users")
    _draw(env, sheet, Wire.ADMIN_PASSWORD, _generated(ADMIN_PASSWORD_LENGTH), "Password of the first user")


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
