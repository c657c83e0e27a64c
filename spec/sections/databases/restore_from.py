"""The `restore_from` section of a database: the snapshot, backups or dump that it begins with, and what decrypts it."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Protocol, Self

from pydantic import AfterValidator, Field, model_validator

from spec.constrained_types import Folder
from spec.section import Matching, Section, Violation, refuse, refuse_any
from spec.sections.secret_source import SecretId

_TIME_PATTERN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"


def _time(value: str) -> str:
    try:
        told = re.fullmatch(_TIME_PATTERN, value) and datetime.fromisoformat(value)
    except ValueError:
        told = None
    if not told:
        refuse(f"{value!r} is not a moment in UTC", hint='such as "2026-11-29T07:30:00Z", in whole seconds')
    return value


SnapshotName = Annotated[
    str,
    Matching(
        pattern=r"((rds|awsbackup):)?[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*",
        fault="is not the name of a snapshot of a DB instance",
        hint="letters, digits and single hyphens, as `windsock teardown` or the RDS console names it",
    ),
]
InstanceId = Annotated[
    str,
    Matching(
        pattern=r"db-[A-Z0-9]+",
        fault="is not the resource id of a DB instance",
        hint="such as db-ABCDEFGHIJKLMNOPQRSTUVWXYZ, as `windsock restore` writes it",
    ),
]
Moment = Annotated[str, AfterValidator(_time), Field(json_schema_extra={"pattern": f"^{_TIME_PATTERN}$"})]
SecretArn = Annotated[
    str,
    Matching(
        pattern=r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+",
        fault="is not the ARN of a secret",
        hint="the ARN as the report of `windsock teardown` has it",
    ),
]


class Origin(Protocol):
    """What AWS keeps of an instance, and another begins with: a snapshot, or its backups and a moment of them."""

    @property
    def snapshot(self) -> str | None:
        """The name of the snapshot."""
        ...

    @property
    def instance(self) -> str | None:
        """The resource id of the instance."""
        ...

    @property
    def time(self) -> str | None:
        """The moment, in UTC."""
        ...


def origin_violations(origin: Origin) -> Iterator[Violation]:
    """Yield why an instance cannot begin with this: backups go with a moment, and without a snapshot."""
    if origin.time and not origin.instance:
        yield Violation("instance is missing", "name the instance whose backups these are", ("instance",))
    if origin.instance and not origin.time:
        yield Violation("time is missing", "name a moment of its backups", ("time",))
    if origin.snapshot and (origin.instance or origin.time):
        yield Violation("an instance begins with a snapshot or with backups", "remove one of them", ("snapshot",))


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
    """The snapshot, backups or dump that a new instance begins with, and the secrets that belong to it."""

    snapshot: SnapshotName | None = None
    """Name of the snapshot, as the report of `windsock teardown` has it. A deployed database keeps it: RDS would
    replace the instance by an empty one without. Default none.
    Source: DBSnapshotIdentifier, AWS CloudFormation Template Reference."""

    instance: InstanceId | None = None
    """Resource id of the instance whose backups it begins with, such as db-ABCDEFGHIJKLMNOPQRSTUVWXYZ, as
    `windsock restore` writes it. Default none. Source: SourceDbiResourceId, AWS CloudFormation Template Reference."""

    time: Moment | None = None
    """Moment of these backups, in UTC and quotes, such as "2026-11-29T07:30:00Z". Default none.
    Source: RestoreTime, AWS CloudFormation Template Reference."""

    generation: Annotated[int, Field(ge=1, le=99)] = 1
    """Which instance of the environment it is, 1 to 99. 1 begins a new environment. A higher one takes the place of
    the instance that is deployed, which `former` describes. Default 1."""

    fernet_seed: SecretArn | None = None
    """ARN of the secret that connections and variables there are encrypted with; a teardown keeps it beside a
    snapshot. The new environment copies its value, so its first `generation` needs it. Default none: the
    environment's own."""

    admin_password: SecretArn | None = None
    """ARN of the secret with the password of the first user there, kept in the same way. Without it the password of
    that user is known to nobody here. Default none."""

    @property
    def kept_by_aws(self) -> bool:
        """Whether it is what AWS keeps of an instance, and no dump."""
        return bool(self.snapshot or self.instance or self.time)

    def _violations(self) -> Iterator[Violation]:
        yield from origin_violations(self)
        if not self.kept_by_aws:
            yield from super()._violations()
            given = {"fernet_seed": self.fernet_seed, "admin_password": self.admin_password}
            for name in (*(name for name, value in given.items() if value), *(["generation"] * (self.generation > 1))):
                yield Violation("it belongs to a snapshot or to backups", "remove it, or name these", (name,))
        elif self.dump or self.fernet_key:
            yield Violation("a database begins with a dump or with what AWS keeps", "remove one of them", ("dump",))
