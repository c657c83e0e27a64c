"""What a rehearsal stands on: Python environments in the place of images, and an embedded AWS to deploy to."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from acceptance.steps import Steps
from compiler.contract import AIRFLOW_HOME, SYNC_IMAGE, WEB, port, web
from deployer.access.exec_targets import find_exec_target
from deployer.aws.session import Session, open_session
from deployer.stacks.outputs import Outputs
from rehearsal import images
from rehearsal.clients.oidc_provider import Identity, Provider
from rehearsal.images.databases import DatabaseImage, mysql_image, postgres_image
from rehearsal.images.emulator_image import emulator_environment, identity_environment
from rehearsal.images.mysqlclient import mysqlclient_source
from rehearsal.images.virtualenvs import Source, build
from rehearsal.session import emulator_session
from rehearsal.session.emulator_session import EmulatorSession
from rehearsal.session.exec_and_forward import forward
from spec.environment import Environment
from spec.releases.engines import EngineName
from spec.sections.auth import Password
from spec.sections.database import Container

AIRFLOW_VARIABLES = {"AIRFLOW_HOME": AIRFLOW_HOME, "PYTHONUNBUFFERED": "1"}
"""What the official image brings besides its packages."""

DATABASE_IMAGES: Mapping[EngineName, Callable[[Path], DatabaseImage]] = {
    "postgres": postgres_image,
    "mysql": mysql_image,
}

SOURCES: Mapping[str, Callable[[Path], Source]] = {"mysqlclient": mysqlclient_source}
"""Packages that the official image has and that are compiled here, by their names in the release table."""

AWS_CLI_LOCK = Path(images.__file__).with_name("awscli.lock")
AWS_CLI_PYTHON = "3.11"


@dataclass(frozen=True)
class Environments:
    """Virtual environments that stand for images, Airflow's and the AWS CLI's, and the identity provider's."""

    airflow: Path
    aws_cli: Path
    identity: Path | None = None
    database: DatabaseImage | None = None


@dataclass(frozen=True)
class VirtualenvImages:
    """Puts a virtual environment in the place of the image; implements `deployer.release.image.ImageSource`."""

    emulator: EmulatorSession
    environment: Path

    def digest(self, repository_uri: str) -> str:
        """Register the environment under a digest of what it was built from."""
        digest = f"sha256:{hashlib.sha256(self.environment.name.encode()).hexdigest()}"
        emulator_session.add_image(
            self.emulator,
            f"{repository_uri}@{digest}",
            self.environment,
            variables=AIRFLOW_VARIABLES,
            working_directory=AIRFLOW_HOME,
        )
        return digest


def build_environments(env: Environment, checkout: Path, cache: Path) -> Environments:
    """Build, or find in the cache, every environment that a rehearsal of `env` needs."""
    release, python = env.airflow.release, env.airflow.python
    context = checkout / env.image.context
    sources = [SOURCES[name](cache) for name in release.needs_packages.get(env.database.engine, ())]
    with ThreadPoolExecutor() as pool:
        airflow = pool.submit(
            build,
            f"airflow-{release.version}-python{python}",
            python=python,
            requirements=[context / "requirements.txt"],
            constraints=context / "constraints" / release.lock(python),
            cache=cache,
            sources=sources,
        )
        aws_cli = pool.submit(
            build, "aws-cli", python=AWS_CLI_PYTHON, requirements=[AWS_CLI_LOCK], constraints=None, cache=cache
        )
        emulator = pool.submit(emulator_environment, cache)
        elsewhere = not isinstance(env.auth, Password)
        identity = pool.submit(identity_environment, cache) if elsewhere else None
        emulator.result()
        database = _database_image(env, cache)
        return Environments(airflow.result(), aws_cli.result(), identity.result() if identity else None, database)


def _database_image(env: Environment, cache: Path) -> DatabaseImage | None:
    return DATABASE_IMAGES[env.database.engine](cache) if isinstance(env.database, Container) else None


@contextmanager
def running_emulator(
    env: Environment,
    environments: Environments,
    directory: Path,
    steps: Steps,
    *,
    ports: tuple[int, int],
    keep: bool,
) -> Iterator[EmulatorSession]:
    """Raise an embedded AWS; leaving ends it, unless it is to be kept and nothing went wrong.

    `ports` are those of the web server and of the AWS API; 0 takes any free one.
    """
    with steps.step("aws", "Raising the embedded AWS") as notes:
        emulator = emulator_session.start(
            directory,
            gateway_port=ports[1],
            web_port=ports[0],
            region=env.aws.region,
            account=env.aws.account,
            cache=environments.airflow.parent,
            detach=keep,
            identity=_identity(env, environments),
        )
        notes.saw = emulator.endpoint_url
    try:
        emulator_session.add_image(emulator, SYNC_IMAGE, environments.aws_cli, entrypoint=("aws",))
        _add_database(env, environments.database, emulator)
        yield emulator
    except BaseException:
        emulator_session.stop(emulator)
        raise
    if not keep:
        emulator_session.stop(emulator)


def _add_database(env: Environment, image: DatabaseImage | None, emulator: EmulatorSession) -> None:
    if image:
        emulator_session.add_image(
            emulator,
            env.database.facts.reference(env.database.version),
            image.environment,
            entrypoint=image.entrypoint,
            variables=image.variables,
            user="0:0",
            mounts=image.mounts,
        )


def provider_of(env: Environment, emulator: EmulatorSession) -> Provider | None:
    """Return the identity provider of a rehearsal, if people log in elsewhere."""
    return None if isinstance(env.auth, Password) else Provider(emulator.internet, env.auth.issuer)


def _identity(env: Environment, environments: Environments) -> Identity | None:
    if isinstance(env.auth, Password) or environments.identity is None:
        return None
    endpoints = env.auth.endpoints if env.web.load_balancer_auth else None
    return Identity(environments.identity, env.auth.issuer, endpoints.model_dump() if endpoints else {})


@contextmanager
def front_door(env: Environment, session: Session, outputs: Outputs, emulator: EmulatorSession) -> Iterator[str]:
    """Give the address at which the web server answers: the load balancer's or, without one, a tunnel's."""
    if outputs.url:
        yield emulator.web_url
        return
    entrance = find_exec_target(session, outputs, (WEB,), by_agent=False)
    with forward(emulator, entrance.address, port(web(env)), 0) as opened:
        yield f"http://127.0.0.1:{opened}"


def session_of(env: Environment, emulator: EmulatorSession) -> Session:
    """Open the embedded AWS as the environment's account."""
    return open_session(env.aws.region, endpoint_url=emulator.endpoint_url, access_key=env.aws.account)


def exports(env: Environment, emulator: EmulatorSession) -> dict[str, str]:
    """Return the variables that point any AWS tool at a kept rehearsal."""
    return {
        "AWS_ENDPOINT_URL": emulator.endpoint_url,
        "AWS_REGION": env.aws.region,
        "AWS_DEFAULT_REGION": env.aws.region,
        "AWS_ACCESS_KEY_ID": env.aws.account,
        "AWS_SECRET_ACCESS_KEY": "rehearsal",
        "WINDSOCK_WEB_URL": emulator.web_url,
        **({} if isinstance(env.auth, Password) else {"WINDSOCK_WEB_AUTHORITY": str(emulator.internet.authority)}),
    }
