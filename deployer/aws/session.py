"""Opens AWS: one client per service, made when it is first needed, all with the same credentials and pace."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config

from deployer.aws import polling as clocks
from deployer.aws.acm import Acm
from deployer.aws.cloudformation import CloudFormation
from deployer.aws.ec2 import Ec2
from deployer.aws.ecr import Ecr
from deployer.aws.ecs import Ecs
from deployer.aws.errors import translated_client, translated_errors
from deployer.aws.exec_sessions import ExecSessions
from deployer.aws.iam import Iam
from deployer.aws.kms import Kms
from deployer.aws.load_balancer import LoadBalancer
from deployer.aws.logs import Logs
from deployer.aws.parameters import Parameters
from deployer.aws.patience import Patience
from deployer.aws.polling import Clock
from deployer.aws.quotas import Quotas
from deployer.aws.rds import Rds
from deployer.aws.s3 import S3
from deployer.aws.scheduler import Scheduler
from deployer.aws.secrets_manager import SecretsManager
from deployer.aws.service_models import service_models

_ATTEMPTS = 10
_CONNECT_SECONDS = 10
_READ_SECONDS = 60


@dataclass(frozen=True)
class Session:
    """AWS in one region: a narrow client per service. `client` makes the raw client of a service by its name."""

    region: str
    client: Callable[[str], Any]
    clock: Clock

    @cached_property
    def patience(self) -> Patience:
        """What bears with an AWS that does not answer, while a run changes an environment."""
        return Patience(self.clock)

    @cached_property
    def account(self) -> str:
        """The account that the credentials belong to."""
        return str(self._identity["Account"])

    @cached_property
    def caller(self) -> str:
        """The ARN of the identity that the credentials belong to."""
        return str(self._identity["Arn"])

    @cached_property
    def _identity(self) -> Any:
        return self.client("sts").get_caller_identity()

    @cached_property
    def cloudformation(self) -> CloudFormation:
        """Stacks and change sets."""
        return CloudFormation(self.client("cloudformation"))

    @cached_property
    def s3(self) -> S3:
        """Buckets and objects."""
        return S3(self.client("s3"))

    @cached_property
    def ec2(self) -> Ec2:
        """Availability zones."""
        return Ec2(self.client("ec2"))

    @cached_property
    def acm(self) -> Acm:
        """Certificates."""
        return Acm(self.client("acm"))

    @cached_property
    def kms(self) -> Kms:
        """Keys."""
        return Kms(self.client("kms"))

    @cached_property
    def ecs(self) -> Ecs:
        """Services, tasks and task definitions."""
        return Ecs(self.client("ecs"))

    @cached_property
    def ecr(self) -> Ecr:
        """Images."""
        return Ecr(self.client("ecr"))

    @cached_property
    def logs(self) -> Logs:
        """Log groups and their lines."""
        return Logs(self.client("logs"))

    @cached_property
    def secrets(self) -> SecretsManager:
        """Secrets Manager."""
        return SecretsManager(self.client("secretsmanager"))

    @cached_property
    def load_balancer(self) -> LoadBalancer:
        """Health of load balancer targets."""
        return LoadBalancer(self.client("elbv2"))

    @cached_property
    def exec_sessions(self) -> ExecSessions:
        """Ways into running containers."""
        return ExecSessions(self.client("ecs"), self.client("ssm"))

    @cached_property
    def rds(self) -> Rds:
        """Databases and their snapshots."""
        return Rds(self.client("rds"))

    @cached_property
    def iam(self) -> Iam:
        """Service-linked roles."""
        return Iam(self.client("iam"))

    @cached_property
    def quotas(self) -> Quotas:
        """Quotas of the account, and what counts against them."""
        return Quotas(self)

    @cached_property
    def parameters(self) -> Parameters:
        """Small texts that stacks own."""
        return Parameters(self.client("ssm"))

    @cached_property
    def scheduler(self) -> Scheduler:
        """Schedules that call AWS when it is time."""
        return Scheduler(self.client("scheduler"))


def open_session(
    region: str,
    *,
    profile: str | None = None,
    endpoint_url: str | None = None,
    access_key: str | None = None,
    secret_key: str | None = None,
    session_token: str | None = None,
    clock: Clock | None = None,
) -> Session:
    """Open AWS in `region` with `profile`, or with what the AWS_* environment says.

    `access_key` and `secret_key` are for an AWS on this machine, which takes a 12-digit access key for the account.
    No call is made yet. Raises `CredentialsRefusal` when the profile does not exist.
    """
    with translated_errors(profile):
        boto = boto3.Session(
            region_name=region,
            profile_name=profile,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            aws_session_token=session_token,
            botocore_session=_with_shared_models(),
        )
        cloudformation = boto.client("cloudformation", endpoint_url=endpoint_url)
    loopback = _is_loopback(cloudformation.meta.endpoint_url)
    config = Config(
        retries={"mode": "standard" if loopback else "adaptive", "total_max_attempts": _ATTEMPTS},
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        s3={"addressing_style": "path" if loopback else "auto"},
    )

    def client(service: str) -> Any:
        with translated_errors(profile):
            made: Any = boto.client(service, endpoint_url=endpoint_url, config=config)  # type: ignore[call-overload]  # the stubs want literal names
        return translated_client(made, profile, session.patience.call)

    session = Session(region, client, clock or (clocks.LOOPBACK if loopback else clocks.AWS))
    return session


def _with_shared_models() -> botocore.session.Session:
    """Return a session of botocore whose models of services are those of all sessions of this process."""
    session = botocore.session.get_session()
    session.register_component("data_loader", service_models(session.get_config_variable("data_path")))
    return session


def default_region(profile: str | None) -> str | None:
    """Return the region that AWS_REGION, AWS_DEFAULT_REGION or the profile names."""
    with translated_errors(profile):
        of_profile = boto3.Session(profile_name=profile).region_name
        return os.environ.get("AWS_REGION") or of_profile


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
