"""The kind `rds` of the `database` section: an Amazon RDS instance."""

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic.config import JsonDict

from spec.aws_facts.rds import (
    GP3_MINIMUM_GIB,
    INSTANCE_CLASSES,
    POSTGRES_VERSIONS,
    STORAGE_MAXIMUM_GIB,
    connections,
    smallest_class,
)
from spec.aws_facts.regions import WITHOUT_AUTHORITY
from spec.releases.engines import ENGINES, Engine
from spec.releases.table import Release
from spec.section import Violation, offered, refuse
from spec.sections.databases.former import Former
from spec.sections.databases.kind import Surroundings, untested
from spec.sections.databases.made import Made
from spec.sections.databases.restore_from import Dump, RestoreFrom
from spec.sections.databases.windows import BackupWindow, MaintenanceWindow, overlap

FIRST_RESTORED = 2
"""The first generation that can take the place of another."""

MONITORING_SECONDS = (0, 1, 5, 10, 15, 30, 60)

LEAST_GROWTH = 1.1
"""RDS refuses a maximum that is less than a tenth above the volume it starts with."""

_STORAGE_BOUNDS: JsonDict = {"minimum": GP3_MINIMUM_GIB, "maximum": STORAGE_MAXIMUM_GIB}


class Rds(Made):
    """An Amazon RDS instance."""

    kind: Literal["rds"] = "rds"
    """`rds`: an Amazon RDS instance, which AWS backs up and patches. Default rds."""

    engine: Literal["postgres"] = "postgres"
    """Database engine. Default postgres."""

    version: Annotated[str, offered(POSTGRES_VERSIONS)] = "16"
    """Major version of the engine, in quotes; RDS chooses the minor version. A deployed database keeps it, unless
    `allow_major_version_upgrade` lets it go up. A new environment needs one that its Airflow release was tested with:
    at most "15" for 2.5.3. Default "16"."""

    allow_major_version_upgrade: bool = False
    """Whether `deploy` may bring a deployed database up to another major version; it takes a snapshot before. RDS has
    no way back, so take the line out afterwards. Default false.
    Source: AllowMajorVersionUpgrade, AWS CloudFormation Template Reference."""

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

    backup_window: BackupWindow | None = None
    """Daily window in UTC in which RDS takes the automated backup, such as "02:00-03:00"; 30 minutes or longer. Default
    none: RDS chooses one. Source: PreferredBackupWindow, AWS CloudFormation Template Reference."""

    maintenance_window: MaintenanceWindow | None = None
    """Weekly window in UTC in which RDS applies minor versions and patches, and may restart the instance, such as
    "sun:03:30-sun:04:30"; 30 minutes or longer, outside of the backup's. Default none: RDS chooses one.
    Source: PreferredMaintenanceWindow, AWS CloudFormation Template Reference."""

    insights: bool = False
    """Whether RDS keeps a week of what loads the database, by statement and wait, for CloudWatch Database Insights. The
    week is free. Default false. Source: EnablePerformanceInsights, AWS CloudFormation Template Reference."""

    monitoring_seconds: Annotated[int, offered(MONITORING_SECONDS)] = 0
    """Every how many seconds RDS measures processor, memory and disk of the instance's operating system, into the log
    group RDSOSMetrics of the account: 1, 5, 10, 15, 30 or 60; 0 switches it off. CloudWatch bills its lines. Default 0.
    Source: MonitoringInterval, AWS CloudFormation Template Reference."""

    tls: Literal["verify", "require"] = "verify"
    """How Airflow connects to it; without TLS it refuses everybody. `verify`: only to the server of its endpoint, whose
    certificate RDS's authority of the region issued. `require`: encrypted, to whatever answers at its address. Choose
    this while AWS brings in an authority that Windsock does not know yet. Default verify."""

    restore_from: RestoreFrom | None = None
    """The snapshot, backups or dump that a new instance begins with. Default none: it begins empty."""

    former: Former | None = None
    """The instance whose place the restored one takes. Default none: there is no other."""

    @property
    def generation(self) -> int:
        """Which instance of the environment it is, counted from 1."""
        return self.restore_from.generation if self.restore_from else 1

    @property
    def former_instance(self) -> "Rds | None":
        """The instance whose place it takes, as it is deployed."""
        if self.former is None:
            return None
        origin = self.former.model_dump(include={"snapshot", "instance", "time"}, exclude_none=True)
        began = RestoreFrom(**origin, generation=self.generation - 1) if origin else None
        changed = {"version": self.former.version or self.version, "restore_from": began, "former": None}
        return self.model_copy(update={**changed, "allow_major_version_upgrade": False})

    @property
    def restored_snapshots(self) -> tuple[str, ...]:
        """The name of the snapshot that it begins with, if there is one."""
        return (self.restore_from.snapshot,) if self.restore_from and self.restore_from.snapshot else ()

    @property
    def is_restored(self) -> bool:
        """Whether it begins with a snapshot or backups, which bring its encryption, its first user and database."""
        return self.restore_from is not None and self.restore_from.kept_by_aws

    @property
    def dump(self) -> Dump | None:
        """The dump that it begins with, if there is one."""
        return self.restore_from if self.restore_from and self.restore_from.dump else None

    @property
    def restored_secrets(self) -> Mapping[str, str]:
        """The ARNs of the secrets that belong to what it is restored from, by what they are."""
        source = self.restore_from
        if source is None:
            return {}
        found = {"fernet_seed": source.fernet_seed, "admin_password": source.admin_password}
        return {name: arn for name, arn in found.items() if arn}

    @property
    def facts(self) -> Engine:
        """What is known of the engine."""
        return ENGINES[self.engine]

    @property
    def connections(self) -> int:
        """How many connections it lets Airflow open at once, by the memory of its class."""
        return connections(self.instance)

    def roomier(self, wanted: int, /) -> str:
        """Return the line with the smallest class of its family that takes so many connections."""
        found = smallest_class(self.instance, wanted)
        return f"database.instance: {found}" if found else ""

    @property
    def ephemeral(self) -> bool:
        """Whether its data is lost when the server stops: an instance keeps its volume."""
        return False

    def check_release(self, release: Release, /) -> Iterator[Violation]:
        """Yield why this Airflow release cannot use it: one that stands keeps its version, unless it is to go up."""
        if self.allow_major_version_upgrade:
            yield from self.check_new(release)
        yield from self._check_generation()

    def check_new(self, release: Release, /) -> Iterator[Violation]:
        """Yield why a new environment must not begin with it: the release was not tested with this version."""
        return untested(release, self.engine, self.version, POSTGRES_VERSIONS)

    def check_surroundings(self, surroundings: Surroundings, /) -> Iterator[Violation]:
        """Yield why Airflow could not tell the instance from another server, or AWS Backup could not copy it.

        Source: CreateDBSnapshot, "The source DB instance must be in the available or storage-optimization state",
        https://docs.aws.amazon.com/cli/latest/reference/rds/create-db-snapshot.html
        """
        if surroundings.copied_asleep:
            yield Violation(
                "an instance that is stopped cannot be copied, and the environment sleeps at this time of day",
                "choose an hour, in UTC, at which schedule has it awake",
                ("backup",),
            )
        if self.tls == "verify" and surroundings.region in WITHOUT_AUTHORITY:
            yield Violation(
                f"Windsock does not have the certificates of RDS's authority in {surroundings.region}",
                "choose tls: require, which encrypts and does not look at the server's certificate",
                ("database", "tls"),
            )

    @field_validator("monitoring_seconds")
    @classmethod
    def _offered_seconds(cls, value: int) -> int:
        if value not in MONITORING_SECONDS:
            refuse(
                f"RDS does not measure every {value} seconds", hint="valid: " + ", ".join(map(str, MONITORING_SECONDS))
            )
        return value

    @field_validator("maintenance_window")
    @classmethod
    def _beside_backup(cls, value: str | None, info: ValidationInfo) -> str | None:
        backup = info.data.get("backup_window")
        if value and backup and overlap(backup, value):
            refuse(f"{value!r} overlaps with backup_window {backup!r}", hint="RDS takes windows that do not meet")
        return value

    @field_validator("backup_window")
    @classmethod
    def _of_backups(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value and info.data.get("backup_days") == 0:
            refuse("backup_days: 0 switches the backup off", hint="remove this line, or keep backups for 1 to 35 days")
        return value

    def _check_generation(self) -> Iterator[Violation]:
        former = self.former
        if self.is_restored and self.generation == 1 and not self.restored_secrets.get("fernet_seed"):
            hint = "the ARN as the report of `windsock teardown` has it"
            yield Violation("fernet_seed is missing", hint, ("restore_from", "fernet_seed"))
        if former and self.generation == 1:
            hint = "use restore_from.generation: 2 with it, or remove this section"
            yield Violation("no instance has taken the place of another", hint, ("former",))
        if former and self.generation > FIRST_RESTORED and not (former.snapshot or former.instance):
            hint = "name the snapshot that the former instance began with, or the instance and time of its backups"
            yield Violation("snapshot is missing", hint, ("former", "snapshot"))

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
