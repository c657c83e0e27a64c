"""Rehearses an environment on this machine: deploys it to the embedded AWS, checks it, and takes it down."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from acceptance.checks import Target, observe, sample_dags
from acceptance.emulated_aws import (
    VirtualenvImages,
    build_environments,
    front_door,
    provider_of,
    running_emulator,
    session_of,
)
from acceptance.schedule_checks import ScheduleTarget, check_schedule
from acceptance.sessions import directory_of, refuse_second, sweep
from acceptance.steps import StepRefusal, Steps
from compiler.compile import compile_environment
from compiler.contract import redirect_uris
from compiler.model.template_set import TemplateSet
from deployer.access.oauth_client import Client, ClientRefusal, set_client
from deployer.aws.inventory import inventory
from deployer.deploy import deploy
from deployer.deployment import Deployment
from deployer.progress import Progress
from deployer.teardown import teardown
from rehearsal.clients.oidc_provider import Provider
from rehearsal.session import emulator_session
from rehearsal.session.emulator_session import EmulatorSession
from spec.environment import Environment
from spec.sections.auth import Password


@dataclass(frozen=True, kw_only=True)
class Options:
    """Where a rehearsal finds its files, what it runs, and where it answers.

    `home` is the folder with the code. Without `dags` the sample DAGs run. Port 0 takes any free port.
    """

    checkout: Path
    home: Path
    cache: Path
    dags: tuple[str, ...] = ()
    web_port: int = 0
    endpoint_port: int = 0


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """A compiled environment and how to rehearse it; `progress` opens the display of a long operation by its title."""

    env: Environment
    templates: TemplateSet
    steps: Steps
    options: Options
    progress: Callable[[str], AbstractContextManager[Progress]]


def rehearse(rehearsal: Rehearsal) -> tuple[str, ...]:
    """Deploy, check and take down an environment; return what is left of it."""
    with _images(rehearsal, kept=False) as images:
        with _checked(rehearsal, images) as target:
            check_schedule(target, rehearsal.steps)
        left = _take_down(rehearsal, images.emulator)
    with rehearsal.steps.step("left-overs", "Looking for left-overs") as notes:
        left += emulator_session.leftovers(images.emulator)
        notes.saw = "nothing is left" if not left else f"{len(left)} things are left"
    return left


@contextmanager
def keep(rehearsal: Rehearsal) -> Iterator[EmulatorSession]:
    """Deploy and check an environment, and leave it running; an error inside the block ends it.

    Raises `Refusal` when a rehearsal of the environment is already being kept.
    """
    with _images(rehearsal, kept=True) as images, _checked(rehearsal, images):
        yield images.emulator


@contextmanager
def _images(rehearsal: Rehearsal, *, kept: bool) -> Iterator[VirtualenvImages]:
    """Build what stands for images, and run the emulator that knows them."""
    env, steps, options = rehearsal.env, rehearsal.steps, rehearsal.options
    sweep(options.cache)
    directory = directory_of(options.cache, env.name, kept=kept)
    refuse_second(directory, env.name)
    with steps.step("environments", "Finding or building the Python environments that stand for images") as notes:
        environments = build_environments(env, options.checkout, options.cache / "environments")
        notes.saw = environments.airflow.name
    if environments.database:
        steps.say(f"{environments.database.server} stands in for {env.database.facts.title} {env.database.version}.")
    ports = (options.web_port, options.endpoint_port)
    with running_emulator(env, environments, directory, steps, ports=ports, keep=kept) as emulator:
        yield VirtualenvImages(emulator, environments.airflow)


@contextmanager
def _checked(rehearsal: Rehearsal, images: VirtualenvImages) -> Iterator[ScheduleTarget]:
    """Deploy and check an environment; the block has it with its web server within reach."""
    env, steps, options, emulator = rehearsal.env, rehearsal.steps, rehearsal.options, images.emulator
    session, provider = session_of(env, emulator), provider_of(env, emulator)
    if provider:
        _store_client(rehearsal, images, provider)
    with steps.step("deploy", "Deploying, as to AWS") as notes:
        deployment = _deploy(rehearsal, images)
        notes.saw = ", ".join(f"{service.process} healthy" for service in deployment.health.services)
    with front_door(env, session, deployment.outputs, emulator) as url:
        target = Target(env, session, deployment.outputs, url, options.home, provider)
        dags = options.dags or sample_dags(options.home)
        yield ScheduleTarget(target, emulator, observe(target, dags, steps), next(iter(dags), None))


def _store_client(rehearsal: Rehearsal, images: VirtualenvImages, provider: Provider) -> None:
    """Deploy without an OAuth client, which is refused; then register one for the addresses in the refusal."""
    env = rehearsal.env
    with rehearsal.steps.step("client", "Deploying without an OAuth client, then storing one") as notes:
        try:
            _deploy(rehearsal, images)
        except ClientRefusal:
            client_id, secret = provider.register(*redirect_uris(env))
            set_client(env, session_of(env, images.emulator), _client(env), Client(client_id, secret))
            notes.saw = f"refused; registered {', '.join(redirect_uris(env))}"
        else:
            raise StepRefusal("A deploy switched services on that nobody could log in to.")


def _client(env: Environment) -> str:
    return "" if isinstance(env.auth, Password) else env.auth.client


def _deploy(rehearsal: Rehearsal, images: VirtualenvImages) -> Deployment:
    env = rehearsal.env
    with rehearsal.progress(env.name) as progress:
        return deploy(
            env,
            rehearsal.templates,
            session_of(env, images.emulator),
            images=images,
            progress=progress,
            airflow_home=rehearsal.options.home,
            web_url=images.emulator.web_url,
        )


def _take_down(rehearsal: Rehearsal, emulator: EmulatorSession) -> tuple[str, ...]:
    """Take everything down and return what AWS still lists."""
    env, session = rehearsal.env, session_of(rehearsal.env, emulator)
    bare = compile_environment(env.model_copy(update={"protect": False}))
    with rehearsal.steps.step("teardown", "Taking it down") as notes, rehearsal.progress(env.name) as progress:
        # A rehearsal's database holds nobody's data, so its protection may be lifted without a question.
        report = teardown(env, session, progress=progress, unprotect=env.name, unprotected=bare)
        left = tuple(inventory(session))
        notes.saw = f"{len(report.deleted)} things deleted, AWS lists {len(left) or 'none'}"
    return left
