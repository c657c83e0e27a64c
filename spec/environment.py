"""The whole environment, one field per section: the table of contents of the YAML."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator, model_validator

from spec.airflow import Airflow, Image
from spec.auth import Auth, Oidc, Password
from spec.database import Container, Database, Rds
from spec.logs import Logs, Remote
from spec.names import AccountId, EnvironmentName, Region
from spec.network import Network
from spec.processes import DRIVER, Process
from spec.section import Complaint, Section, refuse, refuse_each
from spec.services import Service, Services
from spec.web import Web
from spec.workers import Workers

TagText = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[\w .:/=+@-]+$")]

WHOLE_INTERNET = "0.0.0.0/0"

DEFAULT_SIZES = {"dag_processor": Service.of(512, 1024), "triggerer": Service.of(256, 1024)}
"""Sizes of processes that the YAML does not name but the release needs."""

DEFAULT_WORKERS = Workers(cpu=512, memory=1024)


class Aws(Section):
    """Where the environment lives."""

    account: AccountId
    """AWS account id, 12 digits in quotes; `windsock deploy` refuses any other account. No default."""

    region: Region
    """AWS region, such as us-west-2. No default."""

    tags: dict[TagText, TagText] = Field(default_factory=dict, max_length=40)
    """Tags on every resource, at most 40; keep them constant, a changed tag touches every resource. Default none."""

    @field_validator("tags")
    @classmethod
    def _no_reserved_tags(cls, value: dict[str, str]) -> dict[str, str]:
        complaints = [
            Complaint(f"tag {key!r} starts with a reserved prefix", "choose a key without aws: and windsock:", (key,))
            for key in value
            if key.lower().startswith(("aws:", "windsock:"))
        ]
        if complaints:
            refuse_each(complaints)
        return value


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

    network: Network
    """Where the cluster stands and who reaches it."""

    database: Database = Rds()
    """The metadata database: an RDS instance, or a container for a tenth of the money."""

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

    @field_validator("services")
    @classmethod
    def _processes_of_the_release(cls, value: Services, info: ValidationInfo) -> Services:
        airflow = info.data.get("airflow")
        if airflow is None:
            return value
        valid = airflow.release.processes
        complaints = [
            Complaint(f"Airflow {airflow.version} has no process {name}", f"valid: {', '.join(valid)}", (name,))
            for name in sorted(value.model_fields_set)
            if getattr(value, name) is not None and name not in valid
        ]
        if complaints:
            refuse_each(complaints)
        return value

    @field_validator("network")
    @classmethod
    def _no_passwords_for_the_whole_internet(cls, value: Network, info: ValidationInfo) -> Network:
        web, auth = info.data.get("web"), info.data.get("auth")
        if WHOLE_INTERNET not in value.allowed_cidrs or web is None or auth is None:
            return value
        if isinstance(auth, Password) or web.domain is None:
            site = "a login with passwords" if web.domain else "a site without TLS"
            refuse(
                f"{WHOLE_INTERNET} opens {site} to the whole internet",
                hint="name the networks of your office or VPN, such as 203.0.113.0/24",
                at=("allowed_cidrs", value.allowed_cidrs.index(WHOLE_INTERNET)),
            )
        return value

    @field_validator("database")
    @classmethod
    def _database_of_the_release(cls, value: Database, info: ValidationInfo) -> Database:
        airflow = info.data.get("airflow")
        if airflow is None or not isinstance(value, Container):
            return value
        tested = airflow.release.databases[value.engine]
        if value.version not in tested:
            valid = ", ".join(f'"{version}"' for version in tested)
            refuse(
                f"Airflow {airflow.version} does not support {value.facts.title} {value.version}",
                hint=f"valid: {valid}",
                at=("version",),
            )
        return value

    @model_validator(mode="after")
    def _fit_site(self) -> "Environment":
        complaints = [*_unfit_site(self)]
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
    def on_ecs(self) -> bool:
        """Whether each Airflow task runs in a Fargate task of its own."""
        return self.airflow.executor == "ecs"

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


def _unfit_site(env: Environment) -> Iterator[Complaint]:
    """Yield what speaks against this login at this address."""
    auth, web = env.auth, env.web
    password = isinstance(auth, Password)
    if not password and web.domain is None:
        hint = "add web.domain, the host name of the site, such as airflow.example.com"
        yield Complaint(f"{auth.kind} cannot send people back to a site without TLS", hint, ("auth", "kind"))
    if web.load_balancer_auth and password:
        hint = "choose google or oidc, or remove this line"
        yield Complaint(
            "the load balancer would ask an identity provider, and a password needs none",
            hint,
            ("web", "load_balancer_auth"),
        )
    if web.load_balancer_auth and isinstance(auth, Oidc) and auth.endpoints is None:
        hint = f"copy them from {auth.issuer}/.well-known/openid-configuration to auth.endpoints"
        yield Complaint(
            "the load balancer needs auth.endpoints, since a template cannot ask the issuer",
            hint,
            ("web", "load_balancer_auth"),
        )
    if web.certificate_arn and web.certificate_arn.split(":")[3] != env.aws.region:
        hint = f"a load balancer takes certificates of its own region, {env.aws.region}"
        yield Complaint("this certificate is in another region", hint, ("web", "certificate_arn"))
    if web.domain and not web.hosted_zone and not web.certificate_arn:
        hint = "add web.hosted_zone, or web.certificate_arn if the domain is not in Route 53"
        yield Complaint("nothing could prove to ACM that the domain is yours", hint, ("web", "domain"))
