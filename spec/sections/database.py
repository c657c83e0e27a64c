"""The `database` section: where Airflow keeps its metadata."""

import math
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, ValidationInfo, field_validator
from pydantic.config import JsonDict

from spec.aws_facts.fargate_sizes import MEMORY_BY_CPU
from spec.aws_facts.rds import GP3_MINIMUM_GIB, INSTANCE_CLASSES, POSTGRES_VERSIONS, STORAGE_MAXIMUM_GIB
from spec.releases.engines import ENGINES, Engine, EngineName
from spec.releases.table import Release
from spec.section import Section, Violation, offered, refuse
from spec.sections.fargate import Fargate
from spec.sections.services import Service

_STORAGE_BOUNDS: JsonDict = {"minimum": GP3_MINIMUM_GIB, "maximum": STORAGE_MAXIMUM_GIB}


LEAST_GROWTH = 1.1
"""RDS refuses a maximum that is less than a tenth above the volume it starts with."""


class Rds(Section):
    """An Amazon RDS instance."""

    kind: Literal["rds"] = "rds"
    """`rds`: an Amazon RDS instance, which AWS backs up and patches. Default rds."""

    engine: Literal["postgres"] = "postgres"
    """Database engine. Default postgres."""

    version: Annotated[str, offered(POSTGRES_VERSIONS)] = "16"
    """Major version of the engine, in quotes; RDS chooses the minor version. Default "16"."""

    instance: Annotated[str, offered(INSTANCE_CLASSES)] = "db.t4g.micro"
    """RDS instance class. Default db.t4g.micro (2 vCPU, 1 GiB)."""

    storage_gb: Annotated[int, Field(json_schema_extra=_STORAGE_BOUNDS)] = GP3_MINIMUM_GIB
    """Size of the gp3 volume in GiB, 20 to 65536; it can grow later, never shrink. Default 20."""

    max_storage_gb: int | None = None
    """Size in GiB up to which RDS enlarges the volume by itself when it runs full: at least a tenth above
    `storage_gb`, at most 65536. Without it the volume keeps its size. Default none.
    Source: "Managing capacity automatically with Amazon RDS storage autoscaling", Amazon RDS User Guide."""

    multi_az: bool = False
    """Whether a standby in a second availability zone takes over when the first fails; doubles the price.
    Default false."""

    backup_days: Annotated[int, Field(ge=0, le=35)] = 7
    """Days for which automated backups are kept, 0 to 35; 0 switches them off. Default 7."""

    @property
    def facts(self) -> Engine:
        """What is known of the engine."""
        return ENGINES[self.engine]

    @field_validator("max_storage_gb")
    @classmethod
    def _room_to_grow(cls, value: int | None, info: ValidationInfo) -> int | None:
        storage = info.data.get("storage_gb")
        if value is None or storage is None:
            return value
        least = math.ceil(storage * LEAST_GROWTH)
        if not least <= value <= STORAGE_MAXIMUM_GIB:
            refuse(
                f"{value} GiB leaves a volume of {storage} GiB no room to grow that RDS would use",
                hint=f"use {least} to {STORAGE_MAXIMUM_GIB}, or leave it out",
            )
        return value

    @field_validator("version")
    @classmethod
    def _offered_version(cls, value: str) -> str:
        if value not in POSTGRES_VERSIONS:
            refuse(
                f"RDS has no major version {value!r} of PostgreSQL",
                hint="valid: " + ", ".join(f'"{version}"' for version in POSTGRES_VERSIONS),
            )
        return value

    @field_validator("instance")
    @classmethod
    def _offered_class(cls, value: str) -> str:
        if value not in INSTANCE_CLASSES:
            family = value.rpartition(".")[0]
            near = [name for name in INSTANCE_CLASSES if name.startswith(f"{family}.")] or [
                "db.t4g.micro",
                "db.t4g.small",
            ]
            refuse(f"{value!r} is not an instance class Windsock knows", hint="such as " + ", ".join(near))
        return value

    @field_validator("storage_gb")
    @classmethod
    def _offered_storage(cls, value: int) -> int:
        if value < GP3_MINIMUM_GIB:
            refuse(f"{value} GiB is less than a gp3 volume can have", hint=f"use {GP3_MINIMUM_GIB} or more")
        if value > STORAGE_MAXIMUM_GIB:
            refuse(f"{value} GiB is more than a volume can have", hint=f"use at most {STORAGE_MAXIMUM_GIB}")
        return value


class Container(Service):
    """A Fargate task, for branches and trials: cheap on Spot and in office hours, and with none of RDS's backups."""

    kind: Literal["container"]
    """`container`: a Fargate task that runs the official image of the engine."""

    engine: EngineName = "postgres"
    """Database engine: postgres or mysql. Default postgres."""

    version: str
    """Version of the engine, in quotes, such as "16" or "8.0"; which are valid follows from the Airflow release.
    No default. Source: README of the Airflow release, "Requirements"."""

    cpu: Annotated[int, offered(MEMORY_BY_CPU)] = 256
    """CPU units, 1024 being one vCPU. Valid: 256, 512, 1024, 2048, 4096, 8192, 16384. Default 256."""

    memory: int = Field(default=512, validate_default=True)
    """Memory in MiB; which values are valid follows from `cpu`. Default 512.
    Source: "Task CPU and memory", Amazon ECS Developer Guide."""

    storage: Literal["efs", "ephemeral"] = "efs"
    """Where its data lies. `efs`: on the encrypted file system, where it outlives the task. `ephemeral`: in the task,
    faster, and lost with it; the next `windsock deploy` then initialises an empty one. Default efs."""

    @property
    def facts(self) -> Engine:
        """What is known of the engine."""
        return ENGINES[self.engine]

    @property
    def persistent(self) -> bool:
        """Whether its data outlives the task."""
        return self.storage == "efs"


def refuse_untested(database: Container, release: Release) -> None:
    """Refuse an engine version that the release was not tested with."""
    tested = release.databases[database.engine]
    if database.version not in tested:
        valid = ", ".join(f'"{version}"' for version in tested)
        refuse(
            f"Airflow {release.version} does not support {database.facts.title} {database.version}",
            hint=f"valid: {valid}",
            at=("version",),
        )


def check_database(database: Rds | Container, fargate: Fargate, *, protect: bool) -> Iterator[Violation]:
    """Yield what speaks against this database on such tasks, in an environment that is to survive mistakes or not."""
    if isinstance(database, Rds):
        return
    if fargate.architecture == "arm64" and database.version in database.facts.x86_only:
        hint = "use another version, or fargate.architecture: x86_64"
        message = f"there is no image of {database.facts.title} {database.version} for arm64"
        yield Violation(message, hint, ("database", "version"))
    if protect and not database.persistent:
        hint = "set storage: efs, or protect: false"
        message = "protect: true keeps the database, and ephemeral loses it with its task"
        yield Violation(message, hint, ("database", "storage"))


def _kind(value: Any) -> str | None:
    """Return which member of the union is meant; the kind may be left out."""
    kind = value.get("kind", "rds") if isinstance(value, dict) else getattr(value, "kind", None)
    return kind if isinstance(kind, str) else None


Database = Annotated[Annotated[Rds, Tag("rds")] | Annotated[Container, Tag("container")], Discriminator(_kind)]
"""The metadata database, by `kind`."""


def check_sleep(database: Database) -> Iterator[Violation]:
    """Yield what speaks against a database that stops every night."""
    if isinstance(database, Container) and not database.persistent:
        yield Violation(
            "with a schedule this database would be empty every morning",
            "choose storage: efs, or remove schedule",
            ("database", "storage"),
        )
