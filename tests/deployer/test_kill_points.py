"""Whatever call of a run goes wrong, however it does, the same command again comes to the same end.

Each run is recorded: first deploy, also with a dump, update, new image, push, upgrade, restore, repair, extension of a
`ttl`, teardown. Each of its calls is tried with each fault. `make test` tries a sample, `make endurance` all of them.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from compiler.contract import EXPIRY, schedule_name
from deployer.aws.rds import RestoreWindow
from deployer.aws.session import Session
from deployer.databases.dump_file import DumpFile
from deployer.deploy import deploy
from deployer.lifetime.ttl import EXPIRES_AT, extend, iso
from deployer.plans.upgrade import DeployChoices
from deployer.push import push
from deployer.teardown import teardown
from spec.environment import Environment
from spec.errors import Refusal
from tests.deployer.fakes.environment import STORAGE, Images, World, environment, template_set, write_home
from tests.deployer.fakes.killed import Fault, Killed, KilledAt
from tests.deployer.fakes.session import Recorder
from tests.figure_page import FigurePage

EFS = {"name:": "code: {delivery: efs}\nname:"}
NEWER = {**EFS, "2.5.3": "2.11.2", '"3.10"': '"3.12"'}
DUMP = {**EFS, "network:": 'database: {version: "15", restore_from: {dump: airflow.sql}}\nnetwork:'}
MOMENT = 'restore_from: {instance: db-DB1, time: "1970-01-10T00:00:00Z", generation: 2}'
RESTORED = {**EFS, "network:": f'database: {{version: "15", {MOMENT}, former: {{}}}}\nnetwork:'}
REACHED = RestoreWindow(datetime.fromtimestamp(0, UTC), datetime.fromtimestamp(1_000_000, UTC))
INSTANCE = "  {name}: {{Type: AWS::RDS::DBInstance, DeletionPolicy: Snapshot}}\n"
SERVES = "Outputs: {{DatabaseInstance: {{Value: {{Ref: {name}}}}}}}\n"
FIRST = STORAGE + INSTANCE.format(name="Instance") + SERVES.format(name="Instance")
SECOND = STORAGE + "".join(INSTANCE.format(name=name) for name in ("Instance", "Instance2"))
SECOND += SERVES.format(name="Instance2")
OTHER = f"sha256:{'b' * 64}"
TTL = {**EFS, "network:": "ttl: 3d\nnetwork:"}
EXPIRES = datetime.fromtimestamp(1_000_000, UTC) + timedelta(days=1)
SAMPLE = 61
"""Every how manieth of the trials `make test` makes."""
_TIME = re.compile(rb'"at": "[^"]*"')

Run = Callable[[Session, Path], object]


def _deploy(session: Session, home: Path, env: Environment | None = None, **more: Any) -> None:
    given: dict[str, Any] = {"images": Images(), "templates": template_set(), **more}
    env, templates = env or environment(**EFS), given.pop("templates")
    deploy(env, templates, session, progress=Recorder(), airflow_home=home, **given)


def _move_in(session: Session, home: Path) -> None:
    file = home.parent / f"{home.name}.sql"
    file.write_bytes(b"-- PostgreSQL database dump\n")
    _deploy(session, home, environment(**DUMP), dump=DumpFile(file))


def _update(session: Session, home: Path) -> None:
    _deploy(session, home, templates=template_set(f"{STORAGE}  Topic: {{Type: AWS::SNS::Topic}}\n"))


def _new_image(session: Session, home: Path) -> None:
    _deploy(session, home, images=Images(OTHER))


def _push(session: Session, home: Path) -> None:
    push(environment(**EFS), session, progress=Recorder(), airflow_home=home)


def _upgrade(session: Session, home: Path) -> None:
    _deploy(session, home, environment(**NEWER), images=Images(OTHER))


def _restore(session: Session, home: Path) -> None:
    _deploy(session, home, environment(**RESTORED), templates=template_set(SECOND))


def _repair(session: Session, home: Path) -> None:
    _deploy(session, home, choices=DeployChoices(repair=True))


def _extend(session: Session, _home: Path) -> None:
    extend(environment(**TTL), session, EXPIRES + timedelta(days=2))


def _teardown(session: Session, _home: Path) -> None:
    teardown(environment(**EFS), session, progress=Recorder())


@dataclass(frozen=True, kw_only=True)
class Story:
    """A run of at most so many calls.

    It says whether an environment is there before, whether its code was edited since, whether it expires, whether
    somebody deleted its code bucket by hand, and whether another instance takes the place of its database.
    """

    run: Run
    calls: int
    deployed: bool = True
    edited: bool = False
    expires: bool = False
    deleted: bool = False
    restored: bool = False


STORIES = {
    "first deploy": Story(run=_deploy, calls=54, deployed=False),
    "first deploy with a dump": Story(run=_move_in, calls=64, deployed=False),
    "update": Story(run=_update, calls=40),
    "new image": Story(run=_new_image, calls=39),
    "push": Story(run=_push, calls=33, edited=True),
    "upgrade": Story(run=_upgrade, calls=64),
    "restore": Story(run=_restore, calls=76, restored=True),
    "repair": Story(run=_repair, calls=82, deleted=True),
    "extension": Story(run=_extend, calls=3, expires=True),
    "teardown": Story(run=_teardown, calls=37),
}


PAGE = FigurePage(
    name="kill-figures.md",
    head="""\
# Runs in which a call to AWS goes wrong

`make endurance` lets each call of each run go wrong, on an AWS in memory: it kills Windsock before the call or after
it, loses the answer, throttles, answers 500, denies, or lets the token expire. The same command again must end where an
undisturbed run does, with as many migrations of the database. With `--regold` it writes this page. {count} of {all}
runs have been seen so, in all of these trials.

What ended early needed the second command; the other trials came to the end by themselves.

| run | calls | trials | ended early |
|---|---|---|---|
""",
    keys=tuple(STORIES),
)
"""The figures of the last run of all trials."""


def _world(story: Story, home: Path) -> World:
    (home / "plugins/hello.py").write_text("x = 1\n")
    world = World()
    world.session.ecs.restores = world.session.s3.parses = True
    if story.restored:
        _let_second_serve(world)
    if story.deployed:
        _deploy(world.session.as_session, home, templates=template_set(FIRST if story.restored else STORAGE))
    world.session.ecs.runs.clear()
    if story.expires:
        fake = world.session.cloudformation
        parameters = {**fake.stacks["demo"].parameters, EXPIRES_AT: iso(EXPIRES)}
        fake.stacks["demo"] = replace(fake.stacks["demo"], parameters=parameters)
        world.session.scheduler.starts[schedule_name("demo", EXPIRY)] = EXPIRES
    if story.deleted:
        _delete_code_bucket(world)
    if story.edited:
        (home / "plugins/hello.py").write_text("x = 2\n")
    return world


def _let_second_serve(world: World) -> None:
    """Let the stack have the instance that its template names, with backups of the first."""
    session, fake = world.session, world.session.cloudformation
    session.rds.windows["db-DB1"] = REACHED
    before = fake.outputs

    def serving(name: str, parameters: Mapping[str, str]) -> Mapping[str, str]:
        found = before(name, parameters)
        text = session.s3.buckets["templates"].get(f"demo/{parameters.get('StorageTemplate')}", b"").decode()
        return {**found, "DatabaseInstance": "db-2"} if "Instance2" in text else found

    fake.outputs = serving


def _delete_code_bucket(world: World) -> None:
    """Delete it by hand; CloudFormation makes it again when it compares with what there is."""
    session, fake = world.session, world.session.cloudformation
    before = fake.outputs
    del session.s3.buckets["code"]

    def made_again(name: str, parameters: Mapping[str, str]) -> Mapping[str, str]:
        if list(fake.orders.values())[-1].reverts_drift:
            session.s3.buckets.setdefault("code", {})
        return before(name, parameters)

    fake.outputs = made_again


def _end(world: World) -> Any:
    """Return what AWS holds, without what differs from run to run."""
    fake, ecs = world.session.cloudformation, world.session.ecs
    state = json.loads(world.session.parameters.values["marker"])
    volatile = {"snapshot", "run"}
    return {
        "stacks": {name: (stack.status, stack.parameters, stack.tags) for name, stack in fake.stacks.items()},
        "code": {key: _TIME.sub(b"", body) for key, body in world.session.s3.buckets.get("code", {}).items()},
        "templates": sorted(world.session.s3.buckets.get("templates", {})),
        "services": {name: service.desired for name, service in ecs.running.items()},
        "state": {key: value for key, value in state.items() if key not in volatile},
        "snapshots": len(world.session.rds.begun),
        "schedules": dict(world.session.scheduler.starts),
        "migrations": Counter(_migrations(world)),
    }


def _migrations(world: World) -> Iterator[str]:
    for _, script in world.session.ecs.runs:
        yield from (line for line in script.splitlines() if line.startswith("airflow db"))


def _trials(story: Story, home: Path) -> tuple[Any, list[tuple[int, str, Fault]]]:
    """Return the end of an undisturbed run, and every call of it with every fault."""
    world = _world(story, home)
    calls = KilledAt(world.session, 0)
    story.run(calls.as_session, home)
    return _end(world), [(at, name, fault) for at, name in enumerate(calls.made, 1) for fault in Fault]


@pytest.mark.parametrize("name", STORIES)
def test_a_run_asks_aws_no_more_than_it_needs(name: str, tmp_path: Path) -> None:
    """On an AWS that is done at once; what it waits for is asked again and again."""
    home, story = write_home(tmp_path), STORIES[name]
    world = _world(story, home)
    calls = KilledAt(world.session, 0)
    story.run(calls.as_session, home)
    assert len(calls.made) <= story.calls, Counter(calls.made)


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("step", [SAMPLE, pytest.param(1, marks=pytest.mark.endurance)], ids=["sample", "all"])
def test_a_run_heals_whatever_call_goes_wrong(
    name: str, step: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The second run ends where an undisturbed one does, with as many migrations of the database."""
    home, story = write_home(tmp_path), STORIES[name]
    wanted, trials = _trials(story, home)
    assert len(trials) > 20
    sick, halted = {}, 0
    for at, call, fault in trials[::step]:
        world = _world(story, home)
        with suppress(Killed, Refusal):
            story.run(KilledAt(world.session, at, fault).as_session, home)
        halted += _end(world) != wanted
        story.run(world.session.as_session, home)
        if _end(world) != wanted:
            sick[at, call, fault.name] = _end(world)
    assert halted
    assert sick == {}
    if step == 1 and request.config.getoption("--regold"):
        PAGE.note(name, len(trials) // len(Fault), len(trials), halted)
