"""Where a value comes from that stands in no file: a secret of Secrets Manager, or a parameter of Parameter Store."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from spec.section import Matching, Section, Violation, refuse, refuse_any

_NAME = r"[A-Za-z0-9/_+=.@-]{1,512}"
_ARN = r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}"
_PARAMETER_NAME = r"[A-Za-z0-9_.-]+|(/[A-Za-z0-9_.-]+)+"
_PARAMETER_ARN = r"arn:aws[a-z-]*:ssm:[a-z0-9-]+:[0-9]{12}:parameter(/[A-Za-z0-9_.-]+)+"
_RANDOM_END = r".*-[A-Za-z0-9]{6}"
"""What Secrets Manager adds to a name to make an ARN of it."""


def _no_random_end(value: str) -> str:
    if ":" not in value and re.fullmatch(_RANDOM_END, value):
        refuse(
            f"{value!r} ends with a hyphen and six characters, as an ARN does",
            hint="Secrets Manager could take it for another secret: give its whole ARN",
        )
    return value


SecretId = Annotated[
    str,
    Matching(
        pattern=f"{_NAME}|{_ARN}",
        fault="is neither the name nor the ARN of a secret",
        hint="use letters, digits and /_+=.@- in a name, such as demo/warehouse, or the whole ARN",
    ),
    AfterValidator(_no_random_end),
]
ParameterId = Annotated[
    str,
    Matching(
        pattern=f"{_PARAMETER_NAME}|{_PARAMETER_ARN}",
        fault="is neither the name nor the ARN of a parameter",
        hint="use letters, digits and _.- between slashes, such as /demo/token, or the whole ARN",
    ),
]


class SecretSource(Section):
    """Where ECS finds the value when it starts a container: name a secret or a parameter."""

    secret: SecretId | None = None
    """Secret of Secrets Manager, by its name in the environment's region, such as demo/warehouse, or by its whole ARN.
    Default none. Source: "Pass Secrets Manager secrets through Amazon ECS environment variables", ECS Developer
    Guide."""

    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")] | None = None
    """Key of a secret whose value is a JSON object; the variable gets the value of that key alone. Default the whole
    value."""

    parameter: ParameterId | None = None
    """Parameter of SSM Parameter Store, by its name in the environment's region, such as /demo/token, or by its whole
    ARN. Default none."""

    @model_validator(mode="after")
    def _names_one(self) -> "SecretSource":
        if self.secret and self.parameter:
            refuse("a value comes from one place", hint="remove secret or parameter")
        if not self.secret and not self.parameter:
            refuse("no secret is named", hint="such as {secret: demo/warehouse} or {parameter: /demo/token}")
        refuse_any(_stray_key(self))
        return self


def _stray_key(source: SecretSource) -> tuple[Violation, ...]:
    if source.key and source.parameter:
        return (Violation("a parameter has no keys", "remove it, or keep the value in a secret", ("key",)),)
    return ()


class SecretsBackend(Section):
    """The secrets backend of Airflow's Amazon provider: every secret below a prefix is a connection or variable."""

    connections: Annotated[str, Field(pattern=r"^[A-Za-z0-9_+=.@-]+(/[A-Za-z0-9_+=.@-]+)*$")] | None = None
    """Prefix of the secrets that are connections, without a slash at its end: with demo/connections the connection
    warehouse is the secret demo/connections/warehouse. Default none, and Airflow looks for no connection there."""

    variables: Annotated[str, Field(pattern=r"^[A-Za-z0-9_+=.@-]+(/[A-Za-z0-9_+=.@-]+)*$")] | None = None
    """Prefix of the secrets that are variables, without a slash at its end. Default none, and Airflow looks for no
    variable there."""

    @model_validator(mode="after")
    def _has_a_prefix(self) -> "SecretsBackend":
        if not self.connections and not self.variables:
            refuse("it would look for nothing", hint="give a prefix, such as {connections: demo/connections}")
        return self

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The prefixes below which it reads."""
        return tuple(dict.fromkeys(prefix for prefix in (self.connections, self.variables) if prefix))
