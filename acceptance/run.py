"""Rehearses an environment on this machine: deploys it to the embedded AWS, checks it, and takes it down."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from acceptance import refused_connections, refused_permissions
from acceptance.checks import observe
from acceptance.databases import DATABASES
from acceptance.deploy_principal import open_as_network_user, open_as_user, remove_role
from acceptance.emulated_aws import (
    Ports,
    VirtualenvImages,
    build_virtualenvs,
    reachable_web_server,
    refuse_partition,
    running_emulator,
    session_of,
)
from acceptance.logins.roster import LOGINS
from acceptance.schedule_checks import ScheduleTarget, check_schedule
from acceptance.seed.keys import make_keys
from acceptance.seed.network import MadeNetwork, changes_of, make_network
from acceptance.seed.stock import Stock, empty, fill, stock_of
from acceptance.sessions import directory_of, refuse_second, sweep
from acceptance.steps import Steps
from acceptance.target import Target
from compiler.compile import compile_environment
from compiler.model.template_set import TemplateSet
from deployer.aws.inventory import inventory
from deployer.aws.session import Session
from deployer.databases.dump_file import DumpFile
from deployer.deploy import deploy
from deployer.deployment import Deployment
from deployer.progress import Progress
from deployer.release.airflow_home import read_code
from deployer.stacks.outputs import Outputs, read_outputs
from deployer.stacks.preflight import existing_stack
from deployer.teardown import teardown
from rehearsal.session import emulator_session
from rehearsal.session.emulator_session import EmulatorSession
from spec.environment import Environment


@dataclass(frozen=True, kw_only=True)
class Options:
    """Where a rehearsal finds its files, what it runs, and where it answers.

    `home` is the folder with the code. Without `dags` those run that the YAML names, or that have the tag `rehearse`.
    """

    checkout: Path
    home: Path
    cache: Path
    dags: tuple[str, ...] = ()
    ports: Ports = field(default_factory=Ports)


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """A compiled environment and how to rehearse it; `progress` opens the display of a long operation by its title."""

    env: Environment
    templates: TemplateSet
    steps: Steps
    options: Options
    progress: Callable[[str], AbstractContextManager[Progress]]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """An emulator with the images and secrets that it holds, and the session of the user who may deploy there.

    `network` is what the YAML names by its ids.
    """

    images: VirtualenvImages
    deployer: Session
    stock: Stock
    network: MadeNetwork | None = None


def rehearse(rehearsal: Rehearsal) -> tuple[str, ...]:
    """Deploy, check and take down an environment; return what is left of it."""
    with open_stage(rehearsal, named=False, keep=False) as stage, _explained(rehearsal, stage.images.emulator):
        with _checked(rehearsal, stage) as target:
            check_schedule(target, rehearsal.steps)
        left = _take_down(rehearsal, stage)
    with rehearsal.steps.step("left-overs", "Looking for left-overs") as notes:
        left += emulator_session.leftovers(stage.images.emulator)
        notes.saw = "nothing is left" if not left else f"{len(left)} things are left"
    return left


def _stays(thing: str, kept: Iterable[str]) -> bool:
    """Whether the report of a teardown names this thing of the inventory, which has no ARN of a secret, as kept."""
    name = thing.rpartition(" ")[2]
    return any(name in one for one in kept)


@contextmanager
def keep(rehearsal: Rehearsal) -> Iterator[EmulatorSession]:
    """Deploy and check an environment, and leave it running, also when a step fails; only an interrupt ends it.

    Raises `Refusal` when a rehearsal of the environment is already being kept.
    """
    with (
        open_stage(rehearsal, named=True, keep=True) as stage,
        _explained(rehearsal, stage.images.emulator),
        _checked(rehearsal, stage),
    ):
        yield stage.images.emulator


def check_again(rehearsal: Rehearsal, emulator: EmulatorSession) -> None:
    """Check the environment of a kept rehearsal as it is now, without deploying."""
    env = rehearsal.env
    outputs = read_outputs(existing_stack(env, session_of(env, emulator)))
    with _explained(rehearsal, emulator), _observed(rehearsal, emulator, outputs):
        return


@contextmanager
def open_stage(rehearsal: Rehearsal, *, named: bool, keep: bool) -> Iterator[Stage]:
    """Build what stands for images, and run the emulator that knows them.

    Other verbs find one that is `named` after its environment; with `keep` it goes on after the block.
    """
    env, steps, options = rehearsal.env, rehearsal.steps, rehearsal.options
    refuse_partition(env)
    sweep(options.cache)
    directory = directory_of(options.cache, env.name, kept=named)
    refuse_second(directory, env.name)
    read_code(options.home, env.airflow.ignore_syntax, env.airflow.python)  # a fault in it costs no start of an AWS
    secrets = stock_of(env, options.checkout)
    with steps.step("environments", "Finding or building the Python environments that stand for images") as notes:
        virtualenvs = build_virtualenvs(env, options.checkout, options.cache / "environments")
        notes.saw = virtualenvs.airflow.name
    for told in virtualenvs.airflow.told:
        steps.say(told)
    if virtualenvs.database:
        steps.say(f"{virtualenvs.database.server} stands in for {env.database.facts.title} {env.database.version}.")
    if outside := DATABASES[env.database.kind].outside(env):
        steps.say(f"An empty PostgreSQL stands in for {outside.host}.")
    with running_emulator(env, virtualenvs, directory, steps, ports=options.ports, keep=keep) as emulator:
        owner = session_of(env, emulator)
        fill(owner, secrets)
        make_keys(owner, env)
        yield Stage(
            images=VirtualenvImages(emulator, virtualenvs.airflow, env.fargate.architecture),
            deployer=open_as_user(owner, emulator.endpoint_url, env, rehearsal.templates),
            stock=secrets,
            network=make_network(
                owner, env, rehearsal.progress, partial(open_as_network_user, owner, emulator.endpoint_url)
            ),
        )


@contextmanager
def _explained(rehearsal: Rehearsal, emulator: EmulatorSession) -> Iterator[None]:
    """Say which calls and connections the embedded AWS refused, and why, when the block fails."""
    try:
        yield
    except Exception:
        refused = refused_permissions.explain(rehearsal.templates, emulator.directory)
        dropped = refused_connections.explain(rehearsal.env, rehearsal.templates, emulator.directory)
        for line in (*refused, *dropped):
            rehearsal.steps.say(f"   {line}")
        raise


@contextmanager
def _checked(rehearsal: Rehearsal, stage: Stage) -> Iterator[ScheduleTarget]:
    """Deploy and check an environment; the block has it with its web server within reach."""
    deployment = first_deploy(rehearsal, stage)
    with _observed(rehearsal, stage.images.emulator, deployment.outputs) as target:
        yield target


def first_deploy(rehearsal: Rehearsal, stage: Stage) -> Deployment:
    """Deploy an environment, and before that what its login needs."""
    env, steps, emulator = rehearsal.env, rehearsal.steps, stage.images.emulator
    login = LOGINS[env.auth.kind].login(env, emulator)
    login.prepare(session_of(env, emulator), lambda: deploy_on(rehearsal, stage), steps)
    with steps.step("deploy", "Deploying, as to AWS") as notes:
        deployment = deploy_on(rehearsal, stage)
        notes.saw = ", ".join(f"{service.process} healthy" for service in deployment.health.services)
    return deployment


@contextmanager
def _observed(rehearsal: Rehearsal, emulator: EmulatorSession, outputs: Outputs) -> Iterator[ScheduleTarget]:
    """Check a deployed environment; the block has it with its web server within reach."""
    env, steps, options = rehearsal.env, rehearsal.steps, rehearsal.options
    session, login = session_of(env, emulator), LOGINS[env.auth.kind].login(env, emulator)
    with reachable_web_server(env, session, outputs, emulator) as url:
        target = Target(env=env, session=session, outputs=outputs, web_url=url, home=options.home, login=login)
        seen = observe(target, options.dags, steps)
        yield ScheduleTarget(target=target, emulator=emulator, client=seen.client, dag=next(iter(seen.dags), None))


def deploy_on(rehearsal: Rehearsal, stage: Stage) -> Deployment:
    """Deploy an environment, or what changed of it."""
    env = rehearsal.env
    with rehearsal.progress(env.name) as progress:
        return deploy(
            env,
            rehearsal.templates,
            stage.deployer,
            images=stage.images,
            progress=progress,
            airflow_home=rehearsal.options.home,
            web_url=stage.images.emulator.web_url,
            dump=DumpFile.of(env, rehearsal.options.checkout),
        )


def _take_down(rehearsal: Rehearsal, stage: Stage) -> tuple[str, ...]:
    """Take everything down and return what AWS still lists."""
    env = rehearsal.env
    bare = compile_environment(env.model_copy(update={"protect": False}))
    with rehearsal.steps.step("teardown", "Taking it down") as notes, rehearsal.progress(env.name) as progress:
        # A rehearsal's database holds nobody's data, so its protection may be lifted without a question.
        report = teardown(env, stage.deployer, progress=progress, unprotect=env.name, unprotected=bare)
        owner = session_of(env, stage.images.emulator)
        remove_role(owner, env)
        empty(owner, stage.stock)
        before = stage.network.listed if stage.network else frozenset()
        kept = [item.name for item in report.kept] if env.backup else []
        listed = (one for one in inventory(owner) if one not in before and not _stays(one, kept))
        left = (*listed, *changes_of(owner, stage.network))
        beside = f" beside the {len(kept)} that stay with copies" if kept else ""
        notes.saw = f"{len(report.deleted)} things deleted, AWS lists {len(left) or 'none'}{beside}"
    return left
