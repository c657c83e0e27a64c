"""The whole environment, one field per section: the table of contents of the YAML."""

from dataclasses import replace

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from spec.constrained_types import EnvironmentName
from spec.releases.processes import DRIVER, Process
from spec.section import Section, Violation, refuse, refuse_each
from spec.sections.airflow import Airflow
from spec.sections.auth import Auth, Password
from spec.sections.aws import Aws
from spec.sections.database import Container, Database, Rds, check_database, check_sleep, refuse_untested
from spec.sections.fargate import Fargate
from spec.sections.image import Image
from spec.sections.logs import Logs, Remote
from spec.sections.network import Network
from spec.sections.rules import check_network, check_site
from spec.sections.schedule import Schedule
from spec.sections.services import Service, Services
from spec.sections.ttl import Ttl, check_ttl
from spec.sections.web import Web
from spec.sections.workers import Workers

DEFAULT_SIZES = {"dag_processor": Service.of(512, 1024), "triggerer": Service.of(256, 1024)}
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

    image: Image = Image()
    """What the container image is built from."""

    web: Web = Web()
    """The address of the site, and the TLS in front of it."""

    auth: Auth = Password()
    """Who may log in: with a password, a Google account or at any OpenID Connect provider."""

    network: Network = Field(default=Network(), validate_default=True)
    """Where the cluster stands and who reaches it."""

    fargate: Fargate = Fargate()
    """On what Fargate's tasks run."""

    database: Database = Rds()
    """The metadata database: an RDS instance, or, for branches, a container."""

    services: Services = Services()
    """How large each Airflow process is."""

    workers: Workers | None = None
    """The Fargate tasks in which Airflow tasks run; with `executor: ecs` only. Default there 512 CPU units, 1024 MiB,
    on-demand."""

    logs: Logs = Logs()
    """What happens to log lines."""

    protect: bool = False
    """Whether database, file system, bucket, image repository, secrets and logs survive mistakes: deletion
    protection, retained state and a final snapshot. Use true for production. Default false."""

    ttl: Ttl | None = None
    """After how long the environment deletes itself, with everything in it, counted from its first deploy: 10m to 365d,
    in minutes, hours, days or weeks (90m, 12h, 3d, 2w). `windsock extend` gives it more. Default never."""

    schedule: Schedule | None = None
    """Office hours; outside of them services and database stop, and nothing runs. Default always awake."""

    _branch: str = PrivateAttr(default="")

    @field_validator("services")
    @classmethod
    def _processes_of_the_release(cls, value: Services, info: ValidationInfo) -> Services:
        airflow = info.data.get("airflow")
        if airflow is None:
            return value
        valid = airflow.release.processes
        complaints = [
            Violation(f"Airflow {airflow.version} has no process {name}", f"valid: {', '.join(valid)}", (name,))
            for name in sorted(value.model_fields_set)
            if getattr(value, name) is not None and name not in valid
        ]
        if complaints:
            refuse_each(complaints)
        return value

    @field_validator("network")
    @classmethod
    def _networks_of_the_site(cls, value: Network, info: ValidationInfo) -> Network:
        web, auth = info.data.get("web"), info.data.get("auth")
        complaints = [*check_network(web, auth, value)] if web and auth else []
        if complaints:
            refuse_each(complaints)
        return value

    @field_validator("database")
    @classmethod
    def _database_of_the_release(cls, value: Database, info: ValidationInfo) -> Database:
        airflow = info.data.get("airflow")
        if airflow is None or not isinstance(value, Container):
            return value
        refuse_untested(value, airflow.release)
        return value

    @model_validator(mode="after")
    def _fit_together(self) -> "Environment":
        ttl = check_ttl(protect=self.protect, remote=self.logs.remote) if self.ttl else ()
        site = check_site(self.web, self.auth, region=self.aws.region, account=self.aws.account)
        asleep = check_sleep(self.database) if self.schedule else ()
        complaints = [*site, *asleep, *check_database(self.database, self.fargate, protect=self.protect), *ttl]
        if complaints:
            refuse_each(complaints)
        return self

    @field_validator("workers")
    @classmethod
    def _workers_have_work(cls, value: Workers | None, info: ValidationInfo) -> Workers | None:
        airflow = info.data.get("airflow")
        if value is not None and airflow is not None and airflow.executor != "ecs":
            refuse(
                f"there are no workers with executor: {airflow.executor}",
                hint="set airflow.executor: ecs, or remove this section",
            )
        return value

    @field_validator("logs")
    @classmethod
    def _logs_outlive_workers(cls, value: Logs, info: ValidationInfo) -> Logs:
        airflow = info.data.get("airflow")
        if value.remote == "none" and airflow is not None and airflow.executor == "ecs":
            refuse(
                "the web interface could not show what an ended worker logged",
                hint="executor: ecs goes with remote: cloudwatch or remote: s3",
                at=("remote",),
            )
        return value

    @property
    def branch(self) -> str:
        """The branch that this environment belongs to, as its tag has it; empty for that of the YAML itself."""
        return self._branch

    def on_branch(self, branch: str) -> "Environment":
        """Return the same environment as one that belongs to a branch."""
        copy = self.model_copy()
        copy._branch = branch  # noqa: SLF001  # our own
        return copy

    @property
    def on_ecs(self) -> bool:
        """Whether each Airflow task runs in a Fargate task of its own."""
        return self.airflow.executor == "ecs"

    @property
    def needs_files(self) -> tuple[str, ...]:
        """The files of the code base, by their path below `airflow.home`, without which Airflow dies at its start."""
        ecs = self.airflow.release.ecs if self.on_ecs else None
        return (*self.airflow.release.needs_files, *(ecs.needs_files if ecs else ()))

    @property
    def workers_or_default(self) -> Workers:
        """The workers as the YAML, or else the default, has them."""
        return self.workers or DEFAULT_WORKERS

    @property
    def remote_logs(self) -> Remote:
        """Where task logs are kept besides the file system."""
        return self.logs.remote or ("cloudwatch" if self.on_ecs else "none")

    @property
    def processes(self) -> tuple[Process, ...]:
        """The long-running processes of this environment, in the order in which the release names them."""
        named = {name for name in Services.model_fields if getattr(self.services, name) is not None}
        return tuple(
            replace(
                process,
                runs_tasks=process.runs_tasks and not self.on_ecs,
                health=process.health.replace(DRIVER, self.database.facts.driver),
            )
            for process in self.airflow.release.processes.values()
            if not process.optional or process.name in named
        )

    def size(self, process: Process) -> Service:
        """Return the Fargate size of one of `processes`."""
        size: Service | None = getattr(self.services, process.name)
        return size or DEFAULT_SIZES[process.name]
