"""Runs the embedded AWS of a rehearsal, with virtual environments in the place of images."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

from acceptance.databases import DATABASES
from acceptance.images.airflow_image import AirflowImage, make_airflow_image
from acceptance.images.airflow_virtualenv import build_base_airflow
from acceptance.images.cache import limit_cache
from acceptance.logins.roster import LOGINS
from acceptance.steps import Steps
from compiler.contract import AIRFLOW_HOME, HOME_LINKS, RUNTIME, WEB, port, web
from deployer.access.exec_targets import find_exec_target
from deployer.aws.session import Session, open_session
from deployer.release.image import Image
from deployer.release.runtime_layer import layer_version, write_runtime
from deployer.stacks.outputs import Outputs
from rehearsal.clients.oidc_provider import Identity
from rehearsal.emulator.containers import image_store
from rehearsal.host.errors import RehearsalFailure
from rehearsal.images.databases import DatabaseImage
from rehearsal.images.emulator_image import emulator_environment
from rehearsal.session import emulator_session
from rehearsal.session.emulator_session import EmulatorSession
from rehearsal.session.exec_and_forward import forward
from spec.aws_facts.regions import COMMERCIAL, partition_of
from spec.environment import Environment
from spec.errors import Refusal
from spec.releases.table import Release
from spec.sections.fargate import Architecture

USER_AND_GROUP = "50000:0"
"""The user of the official image."""


@dataclass(frozen=True, kw_only=True)
class Virtualenvs:
    """What has the place of images, and what else the emulator runs."""

    airflow: AirflowImage
    identity: Identity | None = None
    database: DatabaseImage | None = None


@dataclass(frozen=True)
class VirtualenvImages:
    """Lets what was built on this machine stand for the image; implements `deployer.release.image.ImageSource`.

    It really runs on the processors of this machine, but passes for an image that was built for `architecture`.
    """

    emulator: EmulatorSession
    airflow: AirflowImage
    architecture: Architecture

    def pin(self, reference: str) -> str:
        """Let what stands for an image of another registry stand for it by a digest, too."""
        digest = hashlib.sha256(reference.encode()).hexdigest()
        name = f"{reference.rpartition(':')[0]}@sha256:{digest}"
        image_store.put_under(self.emulator.directory, name, reference)
        return name

    def provide(self, repository_uri: str, _base_image: str) -> Image:
        """Register it, with Windsock's layer on top, under a digest of what both consist of."""
        return self._register(repository_uri, self.airflow)

    def provide_release(self, repository_uri: str, release: Release) -> Image:
        """Build what stands for the official image of a release, and register it in the same way."""
        virtualenv = build_base_airflow(release, release.python, self.airflow.virtualenv.parent)
        return self._register(repository_uri, AirflowImage(virtualenv=virtualenv))

    def _register(self, repository_uri: str, airflow: AirflowImage) -> Image:
        layer, built = layer_version(), airflow.built
        runtime = write_runtime(
            self.emulator.directory / "layers" / layer,
            authorities=self.emulator.internet.authority.read_bytes(),  # those of RDS certify no embedded database
        )
        ingredients = f"{airflow.name} {self.architecture} {layer}"  # the name has the hash of its contents
        digest = f"sha256:{hashlib.sha256(ingredients.encode()).hexdigest()}"
        emulator_session.add_image(
            self.emulator,
            f"{repository_uri}@{digest}",
            None if built else airflow.virtualenv,
            root=built.root if built else None,
            entrypoint=built.configuration.entrypoint if built else (),
            variables=airflow.variables,
            working_directory=built.configuration.working_directory if built else AIRFLOW_HOME,
            user=built.configuration.user if built else USER_AND_GROUP,
            mounts={RUNTIME: runtime},
            links=HOME_LINKS,
            architecture=self.architecture.upper(),
        )
        return Image(digest, digest.removeprefix("sha256:")[:32])


def build_virtualenvs(env: Environment, checkout: Path, cache: Path) -> Virtualenvs:
    """Build, or find in the cache, everything that a rehearsal of `env` runs instead of images."""
    with ThreadPoolExecutor() as pool:
        airflow = pool.submit(make_airflow_image, env, checkout, cache)
        emulator = pool.submit(emulator_environment, cache)
        identity = pool.submit(LOGINS[env.auth.kind].identity, env, cache)
        emulator.result()  # the image of PostgreSQL is made from it
        built = Virtualenvs(
            database=DATABASES[env.database.kind].image(env, cache),
            airflow=airflow.result(),
            identity=identity.result(),
        )
    limit_cache(cache)
    return built


@dataclass(frozen=True)
class Ports:
    """The ports of the web server and of the AWS API on this machine; 0 takes any free one."""

    web: int = 0
    endpoint: int = 0


class PartitionRefusal(Refusal):
    """The embedded AWS is of another partition than the environment."""

    exit_code = 2


def refuse_partition(env: Environment) -> None:
    """Refuse a region outside of the one partition that the embedded AWS knows. Raises `PartitionRefusal`."""
    if partition_of(env.aws.region) != COMMERCIAL:
        raise PartitionRefusal(
            f"A rehearsal knows no {env.aws.region}: its ARNs are of the partition {COMMERCIAL}.",
            next_step="Rehearse a copy of the YAML with a region such as us-east-1; its templates differ in little.",
        )


@contextmanager
def running_emulator(
    env: Environment, virtualenvs: Virtualenvs, directory: Path, steps: Steps, *, ports: Ports, keep: bool
) -> Iterator[EmulatorSession]:
    """Run an embedded AWS in the block; with `keep` it goes on afterwards, also when a step of the block failed."""
    with steps.step("aws", "Starting the embedded AWS") as notes:
        emulator = emulator_session.start(
            directory,
            gateway_port=ports.endpoint,
            web_port=ports.web,
            region=env.aws.region,
            account=env.aws.account,
            cache=virtualenvs.airflow.virtualenv.parent,
            detach=keep,
            identity=virtualenvs.identity,
            client_address=client_address(env),
            outside_database=DATABASES[env.database.kind].outside(env),
        )
        notes.saw = emulator.endpoint_url
    try:
        _add_database(env, virtualenvs.database, emulator)
        yield emulator
    except BaseException as error:
        if not (keep and can_be_looked_at(error)):
            emulator_session.stop(emulator)
        raise
    if not keep:
        emulator_session.stop(emulator)


def can_be_looked_at(error: BaseException) -> bool:
    """Whether an error leaves something to look at in what is kept: a step that failed does, an interrupt is an end."""
    return isinstance(error, Refusal | RehearsalFailure)


def client_address(env: Environment) -> str:
    """Return an address that the environment lets in; any where its web server is not on the internet."""
    allowed = (str(next(iter(ip_network(cidr).hosts()))) for cidr in env.network.visitors(env.web))
    return next(allowed, emulator_session.ANY_CLIENT)


def _add_database(env: Environment, image: DatabaseImage | None, emulator: EmulatorSession) -> None:
    if image is None:
        return
    database = env.database
    for version in env.airflow.release.databases[database.engine]:  # a deploy may change it
        emulator_session.add_image(
            emulator,
            database.facts.reference(version),
            image.environment,
            entrypoint=image.entrypoint,
            variables=image.variables,
            user="0:0",
            mounts={str(folder.resolve()): folder for folder in image.mounts},
        )


@contextmanager
def reachable_web_server(
    env: Environment, session: Session, outputs: Outputs, emulator: EmulatorSession
) -> Iterator[str]:
    """Yield the address of the web server: the load balancer's or, without one, that of a tunnel to its container."""
    if outputs.url:
        yield emulator.web_url
        return
    target = find_exec_target(session, outputs, (WEB,), by_agent=False)
    with forward(emulator, target.address, port(web(env)), 0) as opened:
        yield f"http://127.0.0.1:{opened}"


def session_of(env: Environment, emulator: EmulatorSession) -> Session:
    """Open the embedded AWS as the environment's account."""
    return open_session(
        env.aws.region,
        endpoint_url=emulator.endpoint_url,
        access_key=env.aws.account,
        secret_key=emulator.secret_key,
    )


def exports(env: Environment, emulator: EmulatorSession) -> dict[str, str]:
    """Return the variables that point any AWS tool at a kept rehearsal."""
    return {
        "AWS_ENDPOINT_URL": emulator.endpoint_url,
        "AWS_REGION": env.aws.region,
        "AWS_DEFAULT_REGION": env.aws.region,
        "AWS_ACCESS_KEY_ID": env.aws.account,
        "AWS_SECRET_ACCESS_KEY": emulator.secret_key,
        "WINDSOCK_WEB_URL": emulator.web_url,
        **LOGINS[env.auth.kind].variables(emulator),
    }
