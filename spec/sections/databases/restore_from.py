"""The `restore_from` section of a database: the snapshot that it begins with, and the secrets that belong to it."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from spec.section import Section, refuse

_SNAPSHOT_PATTERN = r"(rds:)?[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*"
_ARN_PATTERN = r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+"


def _snapshot(value: str) -> str:
    if not re.fullmatch(_SNAPSHOT_PATTERN, value):
        refuse(
            f"{value!r} is not the name of a snapshot of a DB instance",
            hint="letters, digits and single hyphens, as `windsock teardown` or the RDS console names it",
        )
    return value


def _secret(value: str) -> str:
    if not re.fullmatch(_ARN_PATTERN, value):
        refuse(f"{value!r} is not the ARN of a secret", hint="the ARN as the report of `windsock teardown` has it")
    return value


SnapshotName = Annotated[str, AfterValidator(_snapshot), Field(json_schema_extra={"pattern": f"^{_SNAPSHOT_PATTERN}$"})]
SecretArn = Annotated[str, AfterValidator(_secret), Field(json_schema_extra={"pattern": f"^{_ARN_PATTERN}$"})]


class RestoreFrom(Section):
    """The snapshot that a new instance begins with, and the secrets that belong to it."""

    snapshot: SnapshotName
    """Name of the snapshot, as the report of `windsock teardown` has it. A deployed database keeps it: RDS would
    replace the instance by an empty one without. No default.
    Source: DBSnapshotIdentifier, AWS CloudFormation Template Reference."""

    generation: Annotated[int, Field(ge=1, le=99)] = 1
    """Which instance of the environment it is, 1 to 99. 1 begins a new environment. A higher one takes the place of
    the instance that is deployed, which `former` describes. Default 1."""

    fernet_seed: SecretArn | None = None
    """ARN of the secret that connections and variables in the snapshot are encrypted with; a teardown keeps it beside
    the snapshot. The new environment copies its value, so its first `generation` needs it. Default none: the
    environment's own."""

    admin_password: SecretArn | None = None
    """ARN of the secret with the password of the first user of the snapshot, kept in the same way. Without it the
    password of that user is known to nobody here. Default none."""
