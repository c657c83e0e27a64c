"""The step that migrates the database, hop by hop, each by the image of the newer release."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

from compiler.model.template_set import TemplateSet
from deployer.databases.roster import deployed_database
from deployer.record.deploy_state import DeployState, write_deploy_state
from deployer.release.airflow_home import Code
from deployer.release.own_modules import options_with_own_modules
from deployer.steps.step import Context, Facts, Need
from deployer.tasks.attempt import attempt
from deployer.tasks.command_definition import command_definition
from deployer.tasks.one_off_tasks import OneOffTaskFailure, database_task
from deployer.upgrade.position import hops_to, known_images
from spec.environment import Environment
from spec.errors import Refusal
from spec.releases.upgrades import Hop
from spec.sections.env_vars import option_variable


class MigrationFailure(Refusal):
    """The database did not reach the next release."""


@dataclass(frozen=True, kw_only=True)
class Migrate:
    """Bring the database to the release of the YAML, one task at a time; the deploy state says where it is."""

    name: ClassVar[str] = "database"
    need: ClassVar[Need] = Need.YES
    reason: str
    code: Code = field(repr=False)
    templates: TemplateSet = field(repr=False)

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Go every hop that is left. Raises `MigrationFailure` with both ways on."""
        session, outputs = context.session, facts.outputs
        if deployed_database(outputs).identity(session, outputs) != facts.state.database:
            return facts  # another, empty database has taken its place: there is nothing to migrate
        hops = hops_to(facts.state, context.env.airflow.version)
        for hop in hops:
            context.progress.phase(self.name, f"{hop.command}, by Airflow {hop.runner.version}")
            facts = replace(facts, state=self._go(context, facts, hop))
        if hops:
            context.progress.note(_reached(hops))
        return facts

    def _go(self, context: Context, facts: Facts, hop: Hop) -> DeployState:
        session, outputs = context.session, facts.outputs
        image = _image(context, facts, hop)
        begun = replace(facts.state, migrating=_other_end(facts.state, hop), migrating_image=image)
        state = begun if begun == facts.state else write_deploy_state(session, outputs, begun)
        definition = command_definition(session, outputs, self.templates, f"{outputs.repository_uri}@{image}")
        task = database_task(context.env, outputs, definition, [*self._unset(context, hop), hop.command])
        try:
            state = attempt(session, outputs, (task,), state, context.progress.note)
        except OneOffTaskFailure as failure:
            raise _failure(context.env, hop, state, failure) from failure
        # A downgrade is the work of another release's image than the one that it reaches.
        image = known_images(state).get(hop.after, "") if hop.is_downgrade else image
        reached = replace(state, airflow_version=hop.after, image=image, migrating="", migrating_image="", run="")
        return write_deploy_state(session, outputs, reached)

    def _unset(self, context: Context, hop: Hop) -> list[str]:
        """Return what spares an image without the user's packages the options that name modules of the user's own."""
        if hop.runner is context.env.airflow.release:
            return []
        own = options_with_own_modules(context.env, self.code)
        return [f"unset {option_variable(*option.split('.'))}" for option in own]


def _other_end(state: DeployState, hop: Hop) -> str:
    """Return the end of the hop at which the deploy state does not see the database."""
    return hop.after if state.airflow_version == hop.before else hop.before


def _image(context: Context, facts: Facts, hop: Hop) -> str:
    """Return the digest of what runs the hop.

    A task that an earlier run has started may still run: only the image of that task joins it.
    """
    runner, state = hop.runner.version, facts.state
    known = known_images(state)
    if state.migrating and state.run and runner in known:
        return known[runner]
    if runner == context.env.airflow.version:
        return facts.image
    return known.get(runner) or facts.release_images[runner]


def _reached(hops: tuple[Hop, ...]) -> str:
    """Say where the database is, for whoever reads that its services do not become healthy."""
    before, flag = hops[0].before, "" if hops[0].is_downgrade else " --allow-downgrade"
    return (
        f"The database is at Airflow {hops[-1].after}. If its services do not become healthy, go back with "
        f"airflow.version {before} and `windsock deploy{flag}`."
    )


def _failure(env: Environment, hop: Hop, state: DeployState, failure: OneOffTaskFailure) -> MigrationFailure:
    back = (
        ""
        if hop.is_downgrade
        else f" Or go back: set airflow.version to {hop.before} and run `windsock deploy --allow-downgrade`."
    )
    restore = (
        f"\nIf neither works, go on with another instance that has what stood there before: set airflow.version to "
        f"{hop.before}, and below database\n"
        f"  restore_from: {{snapshot: {state.snapshot}, generation: {env.database.generation + 1}}}\n"
        "  former: {}"
        if state.snapshot
        else ""
    )
    return MigrationFailure(
        f"The database of {env.name} did not get from Airflow {hop.before} to {hop.after}; services are at zero.",
        why=failure.why,
        next_step=f"Repair the cause and deploy again: it goes on with this hop.{back}{restore}",
    )
