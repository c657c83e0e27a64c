"""Decides how a deployed environment comes to another Airflow release, or another major version of its database.

It refuses what has no way or no way back.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from compiler.contract import RootParameter
from compiler.model.template_set import TemplateSet
from deployer.databases.roster import deployed_database
from deployer.plans.database_changes import EngineUpgrade
from deployer.plans.deliveries.roster import DELIVERIES
from deployer.plans.observed import Observed
from deployer.record.deploy_state import DeployState
from deployer.release.airflow_home import Code
from deployer.stacks.desired_counts import is_running
from deployer.steps.code.sync import SyncCode
from deployer.steps.step import Need, Step
from deployer.steps.upgrade.drain import Drain
from deployer.steps.upgrade.migrate import Migrate
from deployer.steps.upgrade.release_images import BuildReleaseImages
from deployer.steps.upgrade.snapshot import TakeSnapshot
from deployer.upgrade.position import hops_to, known_images
from spec.environment import Environment
from spec.errors import Refusal
from spec.releases.table import Release
from spec.releases.upgrades import Hop, NoRoad

_STOP_MINUTES, _SNAPSHOT_MINUTES, _HOP_MINUTES, _ENGINE_MINUTES, _START_MINUTES = 4, 5, 2, 15, 6
"""Estimates for a small database: what services take to stop and start, a one-off task to migrate, RDS to upgrade."""

_MARGIN = 2
"""How many times its estimate an upgrade may take before the office hours change."""

DRAIN_MINUTES = 30
"""How long the tasks of a protected environment are waited for."""


@dataclass(frozen=True, kw_only=True)
class DeployChoices:
    """What somebody said by name: what an upgrade may do, and how long running Airflow tasks are waited for.

    `drain_minutes` of None stand for those of the environment. `repair` lets CloudFormation make again what is gone,
    `refresh_images` takes the images of other registries anew.
    """

    allow_downgrade: bool = False
    without_snapshot: bool = False
    drain_minutes: int | None = None
    repair: bool = False
    refresh_images: bool = False

    def drain(self, env: Environment) -> int:
        """Return the minutes; 0 waits for none."""
        return (DRAIN_MINUTES if env.protect else 0) if self.drain_minutes is None else self.drain_minutes


NOTHING_CHOSEN = DeployChoices()


class UpgradeRefusal(Refusal):
    """The environment cannot come to that release, or not like this."""


@dataclass(frozen=True, kw_only=True)
class Upgrade:
    """The hops to the release of the YAML, or a newer engine; `state` is what is known of the database before.

    `successor` is the logical path of another instance that takes its place, with what its snapshot has. `images` are
    the releases between of which an image is to be built, `snapshot` says that one is taken.
    """

    hops: tuple[Hop, ...] = ()
    engine: EngineUpgrade | None = None
    successor: str = ""
    state: DeployState
    images: tuple[Release, ...] = ()
    snapshot: bool

    @property
    def minutes(self) -> int:
        """About how long nothing runs."""
        once = _STOP_MINUTES + _START_MINUTES + (_SNAPSHOT_MINUTES if self.snapshot else 0)
        return once + _HOP_MINUTES * len(self.hops) + (_ENGINE_MINUTES if self.engine or self.successor else 0)

    def after(self, observed: Observed) -> Observed:
        """Return what will be observed when the database is at the release of the YAML."""
        if self.successor:
            return replace(observed, state=replace(self.state, airflow_version="", database="", admin=""))
        version = self.hops[-1].after if self.hops else self.state.airflow_version
        return replace(observed, state=replace(self.state, airflow_version=version))

    def __str__(self) -> str:
        if self.engine or self.successor:
            return str(self.engine or self.successor)
        return " -> ".join([f"Airflow {self.hops[0].before}", *(hop.after for hop in self.hops)])


def plan_upgrade(
    env: Environment,
    observed: Observed,
    choices: DeployChoices = NOTHING_CHOSEN,
    engine: EngineUpgrade | None = None,
    successor: str = "",
) -> Upgrade | None:
    """Return what the release of the YAML, or its `engine`, takes; None where the database is there, or is to be made.

    A `successor`, the logical path of another instance, has what its snapshot has. Raises `UpgradeRefusal`.
    """
    upgrade = None if successor else _to_release(env, observed, choices)
    if successor:
        upgrade = Upgrade(successor=successor, state=_known_state(observed), snapshot=False)
    elif engine:
        _refuse_more_than(env.name, engine, upgrade)
        upgrade = Upgrade(engine=engine, state=_known_state(observed), snapshot=not choices.without_snapshot)
    if upgrade:
        _refuse_change_of_hours(env, observed, upgrade)
    return upgrade


def _to_release(env: Environment, observed: Observed, choices: DeployChoices) -> Upgrade | None:
    """Return what the release of the YAML takes."""
    outputs, state = observed.outputs, _known_state(observed)
    if outputs is None or not state.airflow_version:
        return None
    kind = deployed_database(outputs)
    identity = kind.known_identity(outputs)
    if identity and identity != state.database:
        return None
    try:
        hops = hops_to(state, env.airflow.version)
    except NoRoad as none:
        raise UpgradeRefusal(
            f"{env.name} cannot come from Airflow {state.airflow_version} to {env.airflow.version}.",
            why=str(none),
            next_step=f"Set airflow.version back to {state.airflow_version}; nothing was changed.",
        ) from none
    if not hops:
        return None
    _refuse(env, hops, choices, no_snapshot=kind.NO_SNAPSHOT if identity else "")
    snapshot = not kind.NO_SNAPSHOT and not choices.without_snapshot
    there = {env.airflow.version, *known_images(state)}
    between = {hop.runner.version: hop.runner for hop in hops if hop.runner.version not in there}
    return Upgrade(hops=hops, state=state, images=tuple(between.values()), snapshot=snapshot)


def _refuse_more_than(name: str, engine: EngineUpgrade, upgrade: Upgrade | None) -> None:
    """Refuse whatever could fail beside an upgrade of the engine, which no rollback of CloudFormation takes back.

    Its handler leaves the version as it is then, and RDS refuses the parameter group of the older one. Source:
    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds/pull/202
    """
    more = (*([str(upgrade)] if upgrade else []), *engine.others)
    if more:
        raise UpgradeRefusal(
            f"{name} would get database.version {engine.after} together with other changes: {', '.join(more)}.",
            why="If one of them fails, CloudFormation rolls back, and RDS has no way back to the older version.",
            next_step=f'Deploy those with database.version "{engine.before}" first, then the new version alone.',
        )


def rest_steps(upgrade: Upgrade) -> Iterator[Step]:
    """Yield what comes before the stack has its new templates: all images, then rest, then the snapshot."""
    if upgrade.images:
        versions = " and ".join(release.version for release in upgrade.images)
        yield BuildReleaseImages(reason=f"the code of {versions} migrates on the way", releases=upgrade.images)
    yield Drain(need=Need.YES, reason="nothing may use a database that is upgraded", state=upgrade.state)
    yield TakeSnapshot(
        need=Need.YES if upgrade.snapshot else Need.NO,
        reason="it is the way back that always is" if upgrade.snapshot else "none is taken of this database",
    )


def migration_steps(env: Environment, code: Code, templates: TemplateSet, observed: Observed) -> Iterator[Step]:
    """Yield the migration, and before it the code: an option may name a module that lies there."""
    differs = any(DELIVERIES[env.code_delivery].tasks(code, observed))
    yield SyncCode.unless_held(code.release, differs=differs)
    yield Migrate(reason="each release has a schema of its own", code=code, templates=templates)


def _known_state(observed: Observed) -> DeployState:
    """Return the deploy state; where it was lost, what the stack says of the release and image that run."""
    state, outputs, stack = observed.state, observed.outputs, observed.deployed
    if state.airflow_version or outputs is None or stack is None or not is_running(stack):
        return state
    image = stack.parameters.get(RootParameter.IMAGE_DIGEST, "")
    database = deployed_database(outputs).known_identity(outputs)
    return replace(state, airflow_version=outputs.airflow_version, database=database, image=image)


def _refuse_change_of_hours(env: Environment, observed: Observed, upgrade: Upgrade) -> None:
    """Refuse to begin what a schedule would disturb: it starts services, or stops the database, at its hour."""
    stack = observed.deployed
    if env.schedule is None or stack is None or not is_running(stack):
        return
    change = env.schedule.next_change(observed.now) or observed.alarm
    if change is not None and change - observed.now < timedelta(minutes=_MARGIN * upgrade.minutes):
        raise UpgradeRefusal(
            f"{_change(env)} at {change:%Y-%m-%d %H:%M %Z}, and the upgrade may take longer.",
            why=f"It takes about {upgrade.minutes} minutes; a schedule starts services, or stops the database, then.",
            next_step="Deploy when that hour is past.",
        )


def _change(env: Environment) -> str:
    return f"The alarm of {env.name} rings" if env.due else f"The office hours of {env.name} change"


def _refuse(env: Environment, hops: tuple[Hop, ...], choices: DeployChoices, *, no_snapshot: str) -> None:
    before, after = hops[0].before, hops[-1].after
    if any(hop.is_downgrade for hop in hops) and not choices.allow_downgrade:
        raise UpgradeRefusal(
            f"{env.name} is at Airflow {before}, and the YAML says {after}, which is older.",
            why="A downgrade drops what only the newer release has in the database.",
            next_step=f"Add --allow-downgrade to go back all the same, or set airflow.version to {before}.",
        )
    if no_snapshot and not choices.without_snapshot:
        raise UpgradeRefusal(
            f"No snapshot is taken of {env.name}, which {no_snapshot}.",
            why="Without one a migration that fails has no other way back than Airflow's own downgrade.",
            next_step="Save it yourself through `windsock tunnel`, then deploy with --without-snapshot.",
        )
