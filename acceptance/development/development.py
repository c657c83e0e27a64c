"""Lets a running environment follow its project: DAG files at once, other code by a restart, all else by a deploy."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace

from acceptance.airflow.parsing import Parser, may_have_dag
from acceptance.checks import open_client
from acceptance.development.events import Event, event_of, told
from acceptance.development.mirror import DAGS, Mirror, Mirrored
from acceptance.development.project import CODE, IMAGE, YAML, Project
from acceptance.emulated_aws import VirtualenvImages, build_virtualenvs, reachable_web_server, session_of
from acceptance.logins.roster import LOGINS
from acceptance.run import Rehearsal, Stage, deploy_on, first_deploy, open_stage
from acceptance.seed.files import read_seed
from acceptance.seed.stock import Stock, fill, stock
from acceptance.sessions import find_named
from acceptance.steps import Steps
from acceptance.target import Target
from compiler.contract import CURRENT_LINK
from deployer.deployment import Deployment
from deployer.progress import Progress, StackEvent
from deployer.push import push
from rehearsal.clients.airflow_client import AirflowClient
from rehearsal.session.emulator_session import EmulatorSession
from rehearsal.session.file_systems import file_system_folder

NEWS_SECONDS = 60.0
"""After a change, Airflow is asked for so long what it says of other files; it parses each of them in this time."""


class Silence:
    """Implements `Progress` and says nothing: an event says what became of a change."""

    def phase(self, name: str, detail: str) -> None:
        """Begin a new phase."""

    def event(self, event: StackEvent) -> None:
        """Something happened in a stack."""

    def note(self, text: str) -> None:
        """There is something to know, in one sentence."""


@dataclass(kw_only=True)
class Development:
    """An environment that runs, and what is known of its project; `read` compiles the project as it is now."""

    rehearsal: Rehearsal
    stage: Stage
    deployment: Deployment
    read: Callable[[], Rehearsal]
    project: Project
    mirror: Mirror
    parser: Parser
    tunnel: ExitStack
    _changed_at: float = 0.0

    @property
    def _requirements(self) -> str:
        """The file of packages as its author knows it."""
        return f"{self.rehearsal.env.image.context}/requirements.txt"

    @property
    def emulator(self) -> EmulatorSession:
        """The embedded AWS in which it runs."""
        return self.stage.images.emulator

    def begin(self) -> Iterator[Event]:
        """Remember the project as it is deployed; tell which DAG files cannot be imported, and how many can."""
        self.project.changed()
        self.mirror.update()
        files, dags, late = 0, 0, 0
        for parsed in self.parser.await_parsed(self._dag_files(self.mirror.names()), (), 0):
            if parsed.error:
                yield event_of(parsed, self._requirements)
            files, dags = files + bool(parsed.dags), dags + len(parsed.dags)
            late += not parsed.answered
        more = f"; {late} are not parsed yet" if late else ""
        yield Event(f"{DAGS}/", f"{dags} DAGs, of {files} files{more}", wrong=late > 0)

    def look(self) -> Iterator[Event]:
        """Tell what Airflow says of files that did not change themselves."""
        if time.time() < self._changed_at + NEWS_SECONDS:
            yield from (event_of(parsed, self._requirements) for parsed in self.parser.news())

    def react(self) -> Iterator[Event]:
        """Bring to the environment what changed in the project, and tell of each change what became of it."""
        moment = self._changed_at = time.time()
        seen = self.mirror.update()
        yield from (Event(sentence, "not brought", wrong=True) for sentence in seen.refused)
        yield from self._follow(seen, moment)
        changed = self.project.changed()
        bring = {YAML: self._roll_over, IMAGE: self._rebuild, CODE: self._restart}
        # The first of them brings the others, too.
        if part := next((part for part in bring if part in changed), None):
            yield told(self.project.name_of(part), bring[part])
            self.mirror.update()
            self._changed_at = time.time()  # a rebuild may take longer than there are news of a change

    def _follow(self, seen: Mirrored, moment: float) -> Iterator[Event]:
        """Tell of files that changed, and of the DAG files that use them."""
        modules = [name for name in (*seen.changed, *seen.removed) if not self._may_have_dag(name)]
        users = [name for name in self.mirror.users_of(modules) if self._may_have_dag(name)]
        self.mirror.touch(users)
        for name in seen.changed:
            if name in modules:
                yield Event(name, f"used by {', '.join(users)}" if users else "no DAG file mentions it")
        yield from self._parsed([*seen.changed, *users], seen.removed, moment)

    def _parsed(self, changed: Iterable[str], removed: Iterable[str], moment: float) -> Iterator[Event]:
        dags = self._dag_files(changed)
        gone = {name.removeprefix(f"{DAGS}/") for name in removed} & self.parser.known
        for parsed in self.parser.await_parsed(dags, gone, moment):
            yield event_of(parsed, self._requirements, removed=parsed.file in gone)

    def _dag_files(self, names: Iterable[str]) -> set[str]:
        return {name.removeprefix(f"{DAGS}/") for name in names if self._may_have_dag(name)}

    def _may_have_dag(self, name: str) -> bool:
        return name.startswith(f"{DAGS}/") and may_have_dag(name, self.mirror.text(name))

    def _roll_over(self) -> str:
        self.rehearsal = self.read()
        self._add_secrets()
        self._deploy()
        return "rolled out"

    def _add_secrets(self) -> None:
        """Store what the YAML names since; it is read from the files beside it."""
        held, wanted = self.stage.stock, _stock(self.rehearsal)
        fill(self.stage.deployer, wanted.without(held))
        self.stage = replace(self.stage, stock=wanted)

    def _rebuild(self) -> str:
        self._deploy()
        return "built the image, and restarted with it"

    def _restart(self) -> str:
        rehearsal, web_url = self.rehearsal, self.emulator.web_url
        home, session = rehearsal.options.home, self.stage.deployer
        pushed = push(rehearsal.env, session, progress=Silence(), airflow_home=home, web_url=web_url)
        self._log_in_again()
        return "restarted what reads it" if pushed.restarted else "nothing reads it"

    def _deploy(self) -> None:
        quiet = replace(self.rehearsal, progress=_silent)
        self.stage = replace(self.stage, images=_images(quiet, self.emulator))
        self.deployment = deploy_on(quiet, self.stage)
        self._log_in_again()

    def _log_in_again(self) -> None:
        """Use the web server that runs now."""
        self.tunnel.close()
        quiet = replace(self.rehearsal, steps=Steps(say=lambda _: None))
        self.parser.client = _client(quiet, self.emulator, self.deployment, self.tunnel)


@contextmanager
def develop(
    rehearsal: Rehearsal, project: Project, read: Callable[[], Rehearsal], *, keep: bool
) -> Iterator[Development]:
    """Run an environment, or join the one that is kept, and let the block follow its project.

    What this began ends with the block, unless `keep` says otherwise; what was kept before goes on.
    """
    with _stage(rehearsal, keep=keep) as stage, ExitStack() as tunnel:
        emulator = stage.images.emulator
        deployment = first_deploy(rehearsal, stage)
        session = session_of(rehearsal.env, emulator)
        client = _client(rehearsal, emulator, deployment, tunnel)
        folder = file_system_folder(emulator, deployment.outputs.file_system) / "dags" / CURRENT_LINK
        mirror = Mirror(home=project.home, folder=folder)
        yield Development(
            rehearsal=rehearsal,
            stage=replace(stage, deployer=session),  # the YAML may come to need other rights
            deployment=deployment,
            read=read,
            project=project,
            mirror=mirror,
            parser=Parser(
                client=client,
                clock=session.clock,
                touch=lambda files: mirror.touch(f"{DAGS}/{file}" for file in files),
            ),
            tunnel=tunnel,
        )


def _stage(rehearsal: Rehearsal, *, keep: bool) -> AbstractContextManager[Stage]:
    kept = find_named(rehearsal.options.cache, rehearsal.env.name)
    if kept is None:
        return open_stage(rehearsal, named=True, keep=keep)
    session = session_of(rehearsal.env, kept)
    return nullcontext(Stage(images=_images(rehearsal, kept), deployer=session, stock=_stock(rehearsal)))


def _stock(rehearsal: Rehearsal) -> Stock:
    return stock(rehearsal.env, read_seed(rehearsal.options.checkout))


def _images(rehearsal: Rehearsal, emulator: EmulatorSession) -> VirtualenvImages:
    env, options = rehearsal.env, rehearsal.options
    virtualenvs = build_virtualenvs(env, options.checkout, options.cache / "environments")
    return VirtualenvImages(emulator, virtualenvs.airflow, env.fargate.architecture)


def _client(
    rehearsal: Rehearsal, emulator: EmulatorSession, deployment: Deployment, tunnel: ExitStack
) -> AirflowClient:
    """Return a client that is logged in; `tunnel` holds the way to a web server without a load balancer."""
    env, session = rehearsal.env, session_of(rehearsal.env, emulator)
    url = tunnel.enter_context(reachable_web_server(env, session, deployment.outputs, emulator))
    target = Target(
        env=env,
        session=session,
        outputs=deployment.outputs,
        web_url=url,
        home=rehearsal.options.home,
        login=LOGINS[env.auth.kind].login(env, emulator),
    )
    return open_client(target, rehearsal.steps)


def _silent(_title: str) -> AbstractContextManager[Progress]:
    return nullcontext(Silence())
