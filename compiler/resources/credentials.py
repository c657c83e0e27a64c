"""Secrets: those that Secrets Manager generates, and those that the YAML names."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from troposphere import GetAtt, Sub
from troposphere.secretsmanager import GenerateSecretString, Secret

from compiler.contract import DATABASE_USER, snake
from compiler.model import stack_values as values
from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder, state
from compiler.model.stack_values import StackValue
from compiler.resources.containers import secret_part
from compiler.resources.encryption import encrypted
from compiler.resources.policies import HERE
from spec.environment import Environment
from spec.sections.databases.kind import DB_PASSWORD, DB_USER
from spec.sections.secret_source import SecretSource

# Changing this generates the secret anew, and an existing database keeps its old password.
DATABASE_PASSWORD_LENGTH = 40


SECRETS = f"arn:${{AWS::Partition}}:secretsmanager:{HERE}:secret:"
_PARAMETERS = f"arn:${{AWS::Partition}}:ssm:{HERE}:parameter/"
_RANDOM_END = "-??????"
"""Secrets Manager ends an ARN with a hyphen and six characters of its own."""


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


def generated_login(stack: StackBuilder) -> dict[str, Sub]:
    """Return user and password of such a database, as ECS takes them out of that secret."""
    return {
        DB_USER: secret_part(stack, values.DATABASE_CREDENTIALS, "username"),
        DB_PASSWORD: secret_part(stack, values.DATABASE_CREDENTIALS, "password"),
    }


def add_database_credentials(env: Environment, stack: StackBuilder) -> None:
    """Add the secret with user and password of a database that Windsock makes."""
    user = json.dumps({"username": DATABASE_USER})
    content = generated(DATABASE_PASSWORD_LENGTH, SecretStringTemplate=user, GenerateStringKey="password")
    add_secret(env, stack, values.DATABASE_CREDENTIALS, content, "User name and password of the database")


def references(sources: Mapping[str, SecretSource]) -> dict[str, Any]:
    """Return what ECS puts into the variables of a container, as a task definition names it."""
    return {name: _sub(_value_from(source)) for name, source in sources.items()}


def read_permissions(sources: Iterable[SecretSource], source: str, why: str) -> Iterator[Permission]:
    """Yield the right to read exactly the secrets that fill variables; ECS needs it to start a container."""
    sources = tuple(sources)
    secrets = _sorted(_secret(each.secret, _RANDOM_END) for each in sources if each.secret)
    if secrets:
        action = "secretsmanager:GetSecretValue"
        yield Permission(source=source, sid="ReadNamedSecrets", actions=(action,), resources=secrets, why=why)
    parameters = _sorted(_parameter(each.parameter) for each in sources if each.parameter)
    if parameters:
        action = "ssm:GetParameters"
        yield Permission(source=source, sid="ReadNamedParameters", actions=(action,), resources=parameters, why=why)


def _value_from(source: SecretSource) -> str:
    if source.parameter:
        return _parameter(source.parameter)
    whole = _secret(source.secret or "")
    return f"{whole}:{source.key}::" if source.key else whole


def _secret(name: str, end: str = "") -> str:
    return name if ":" in name else f"{SECRETS}{name}{end}"


def _parameter(name: str) -> str:
    return name if ":" in name else f"{_PARAMETERS}{name.removeprefix('/')}"


def _sorted(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(frozenset(texts)))


def _sub(text: str) -> Any:
    return Sub(text) if "${" in text else text
