"""The `restore_from` section of a database: the snapshot or the dump that it begins with, and what decrypts it."""

import re
from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from spec.constrained_types import Folder
from spec.section import Section, Violation, refuse, refuse_any
from spec.sections.secret_source import SecretId

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


class Dump(Section):
    """The dump that a new database begins with."""

    dump: Folder | None = None
    """File of pg_dump in its plain format, or that in gzip, relative to this file. The first `deploy` reads it into the
    empty database, and migrates it to `airflow.version`, which must know its release. After that neither file nor
    section is needed. Default none."""

    fernet_key: SecretId | None = None
    """Secret with the `core.fernet_key` of the Airflow that the dump is of, by its name, such as demo/fernet-key, or by
    its ARN; `windsock secrets set` stores it. The environment takes it over. Default none: nothing in the dump is
    encrypted."""

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        refuse_any(self._violations())
        return self

    def _violations(self) -> Iterator[Violation]:
        if not self.dump:
            yield Violation("dump is missing", "such as dump: airflow.sql.gz", ("dump",))


class RestoreFrom(Dump):
    """The snapshot or the dump that a new instance begins with, and the secrets that belong to it."""

    snapshot: SnapshotName | None = None
    """Name of the snapshot, as the report of `windsock teardown` has it. A deployed database keeps it: RDS would
    replace the instance by an empty one without. Default none: it begins with `dump`.
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

    def _violations(self) -> Iterator[Violation]:
        if self.snapshot is None:
            yield from super()._violations()
            given = {"fernet_seed": self.fernet_seed, "admin_password": self.admin_password}
            for name in (*(name for name, value in given.items() if value), *(["generation"] * (self.generation > 1))):
                yield Violation("it belongs to a snapshot", "remove it, or name the snapshot", (name,))
        elif self.dump or self.fernet_key:
            yield Violation("a database begins with a snapshot or a dump", "remove one of them", ("snapshot",))
