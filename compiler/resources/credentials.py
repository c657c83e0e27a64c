"""Secrets that Secrets Manager generates."""

import json
from typing import Any

from troposphere import GetAtt
from troposphere.secretsmanager import GenerateSecretString, Secret

from compiler.contract import DATABASE_USER, snake
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder, state
from compiler.model.stack_values import StackValue
from compiler.resources.encryption import encrypted
from spec.environment import Environment

# Changing this generates the secret anew, and an existing database keeps its old password.
DATABASE_PASSWORD_LENGTH = 40


def generated(length: int, **template: str) -> GenerateSecretString:
    """Return a value of letters and digits, which need no quoting, neither in URLs nor in shells."""
    return GenerateSecretString(PasswordLength=length, ExcludePunctuation=True, **template)


def add_secret(
    env: Environment, stack: StackBuilder, value: StackValue, content: GenerateSecretString, description: str
) -> None:
    """Add a secret, generated unless a restored database brings it, and output its ARN."""
    secret = stack.add(
        Secret(
            value.title,
            Description=f"{env.name}: {description}",
            **encrypted(env, stack, "secrets"),
            **_content(env, value, content),
            **state(protect=env.protect),
        ),
        description,
    )
    stack.output(value, GetAtt(secret, "Id"))


def _content(env: Environment, value: StackValue, content: GenerateSecretString) -> dict[str, Any]:
    """Return a generated value, or a copy of the one that belongs to the snapshot of the database."""
    restored = env.database.restored_secrets.get(snake(value.title))
    if restored is None:
        return {"GenerateSecretString": content}
    return {"SecretString": f"{{{{resolve:secretsmanager:{restored}:SecretString}}}}"}


def add_database_credentials(env: Environment, stack: StackBuilder) -> None:
    """Add the secret with user and password of a database that Windsock makes."""
    user = json.dumps({"username": DATABASE_USER})
    content = generated(DATABASE_PASSWORD_LENGTH, SecretStringTemplate=user, GenerateStringKey="password")
    add_secret(env, stack, values.DATABASE_CREDENTIALS, content, "User name and password of the database")
