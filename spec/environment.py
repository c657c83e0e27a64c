"""The whole environment, one field per section: the table of contents of the YAML."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from spec.constrained_types import EnvironmentName
from spec.releases.processes import BASE_PATH, DRIVER, Process
from spec.section import Section, Violation, refuse_any
from spec.sections.airflow import Airflow
from spec.sections.auth import Auth, Password
from spec.sections.aws import Aws
from spec.sections.backup import Backup
from spec.sections.code import DELIVERIES, Code, Delivery, usual_delivery
from spec.sections.cost import Cost
from spec.sections.database import Database, Rds
from spec.sections.databases.kind import Surroundings
from spec.sections.deliveries.kind import DeliveryKind
from spec.sections.encryption import Encryption, check_own_key
from spec.sections.executor import EXECUTORS
from spec.sections.executors.kind import ExecutorKind
from spec.sections.fargate import Fargate
from spec.sections.image import Image
from spec.sections.logs import Logs, Remote
from spec.sections.network import Network, Public
from spec.sections.rehearse import Rehearse
from spec.sections.rules import SECTION_RULES, check_site, check_ttl
from spec.sections.schedule import Schedule
from spec.sections.schedules.due import Due
from spec.sections.secret_source import SecretSource
from spec.sections.services import Replicated, Services
from spec.sections.ttl import Ttl
from spec.sections.web import Web
from spec.sections.workers import Workers

DEFAULT_SIZES = {"dag_processor": Replicated.of(512, 1024), "triggerer": Replicated.of(256, 1024)}
"""Sizes of processes that the YAML does not name but the release needs."""

DEFAULT_WORKERS = Workers(cpu=512, memory=1024)


class Environment(Section):
    """One Apache Airflow cluster on AWS ECS Fargate."""

    name: EnvironmentName
    """Names every stack of this environment: lower-case letters, digits and hyphens, at most 32. No default."""

    aws: Aws
    """Where the environment lives."""

    airflow: Airflow
    """Which Airflow runs, and how it is configured."""

    code: Code = Code()
    """How DAGs, plugins and configuration reach the containers, and how long their releases are kept."""

    image: Image = Image()
    """What the container image is built from."""

    web: Web = Web()
    """The address of the site, and the TLS in front of it."""

    auth: Auth = Password()
    """Who may log in: with a password, a Google account or at any OpenID Connect provider."""

    network: Network = Field(default=Public(), validate_default=True)
    """The network of the cluster, and who may reach it."""

    fargate: Fargate = Fargate()
    """The capacity and the processors that Fargate tasks run on."""

    database: Database = Rds()
    """The metadata database: an RDS instance, a container for branches, or a server that you have."""

    services: Services = Services()
    """How large each Airflow process is, and how many of it run."""

    workers: Workers | None = None
    """The Fargate tasks that run Airflow tasks; only with `executor: ecs`. Default there 512 CPU units, 1024 MiB,
    on-demand."""

    logs: Logs = Logs()
    """How long log lines are kept, and where task logs go."""

    encryption: Encryption = Encryption()
    """The KMS keys that encrypt what the environment keeps."""

    protect: bool = False
    """Whether database, file system, bucket, image repository, secrets and logs survive mistakes: deletion
    protection, retained state and a final snapshot. Use true for production. Default false."""

    ttl: Ttl | None = None
    """Time after which the environment deletes itself and everything in it, counted from its first deploy: 10m to 365d,
    in minutes, hours, days or weeks (90m, 12h, 3d, 2w). `windsock extend` prolongs it. Default never."""

    schedule: Schedule | None = None
    """Office hours, or `when: due`; at other times services and database stop, and nothing runs. Default always
    awake."""

    backup: Backup | None = None
    """Copies of database and file system that AWS Backup takes, and keeps after a teardown. Default none."""

    cost: Cost = Cost()
    """What the environment may cost."""

    rehearse: Rehearse = Rehearse()
    """What a rehearsal on this machine checks."""

    _branch: str = PrivateAttr(default="")

    @field_validator(*SECTION_RULES)
    @classmethod
    def _fits_sections_above(cls, value: Any, info: ValidationInfo) -> Any:
        rule, names = SECTION_RULES[info.field_name or ""]
        if all(info.data.get(name) for name in names):
            refuse_any(rule(value, *(info.data[name] for name in names)))
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> "Environment":
        surroundings = Surroundings(
            architecture=self.fargate.architecture,
            protect=self.protect,
            sleeps=self.schedule is not None,
            copied_asleep=bool(self.backup and self.schedule and not self.backup.meets(self.schedule)),
            reaches_internet=self.network.reaches_internet,
            own_vpc=self.network.given is None,
            region=self.aws.region,
        )
        site = check_site(self.web, self.auth, self.aws, self.airflow, self.network)
        ttl = (
            check_ttl(protect=self.protect, backed_up=self.backup is not None, logs=self.logs, web=self.web)
            if self.ttl
            else ()
        )
        keys = check_own_key(self.encryption) if self.ttl else ()
        network = self.network.check_place(self.aws)
        code = self.delivery.check_surroundings(self.logs.remote, expires=self.ttl is not None)
        database = self.database.check_surroundings(surroundings)
        refuse_any([*site, *network, *database, *ttl, *keys, *code, *self._check_backup()])
        return self

    def _check_backup(self) -> Iterator[Violation]:
        if self.backup and not self.delivery.shares_files and (self.database.ephemeral or self.database.address):
            message = "there is nothing to copy: what the environment keeps is neither on RDS nor on EFS"
            yield Violation(message, "remove it", ("backup",))

    @property
    def due(self) -> Due | None:
        """How it sleeps unless something is due; None where it does not."""
        return self.schedule.due if self.schedule else None

    @property
    def branch(self) -> str:
        """The branch that this environment belongs to, as its tag spells it; empty without a branch."""
        return self._branch

    def on_branch(self, branch: str) -> "Environment":
        """Return the same environment, which now belongs to a branch."""
        copy = self.model_copy()
        copy._branch = branch  # noqa: SLF001  # a copy of this very class
        return copy

    @property
    def secret_sources(self) -> Mapping[str, SecretSource]:
        """Where secrets come from that the YAML names, by the variables of containers that have them."""
        return {**self.airflow.secret_sources, **self.database.secret_sources}

    @property
    def executor(self) -> ExecutorKind:
        """What follows from `airflow.executor`."""
        return EXECUTORS[self.airflow.executor]

    @property
    def workers_or_default(self) -> Workers:
        """The workers of the YAML, or those by default."""
        return self.workers or DEFAULT_WORKERS

    @property
    def remote_logs(self) -> Remote:
        """Where task logs are kept besides the container or the file system."""
        return self.logs.remote or self.delivery.remote_logs or self.executor.remote_logs

    @property
    def code_delivery(self) -> Delivery:
        """How code reaches the containers."""
        return self.code.delivery or usual_delivery(self.airflow.release, expires=self.ttl is not None)

    @property
    def delivery(self) -> DeliveryKind:
        """What follows from `code_delivery`."""
        return DELIVERIES[self.code_delivery]

    @property
    def processes(self) -> tuple[Process, ...]:
        """The long-running processes of this environment, in the order in which the release names them."""
        named = {name for name in Services.model_fields if getattr(self.services, name) is not None}
        return tuple(
            process._replace(
                runs_tasks=process.runs_tasks and self.executor.processes_run_tasks,
                health=process.health.replace(DRIVER, self.database.facts.driver).replace(
                    BASE_PATH, self.airflow.base_path
                ),
            )
            for process in self.airflow.release.processes.values()
            if not process.optional or process.name in named
        )

    def size(self, process: Process) -> Replicated:
        """Return the Fargate size of one of `processes`, and how many of it run."""
        size: Replicated | None = getattr(self.services, process.name)
        return size or DEFAULT_SIZES[process.name]

    def count(self, process: Process) -> int:
        """Return how many tasks of one of `processes` the YAML asks for."""
        return self.size(process).count or 1
