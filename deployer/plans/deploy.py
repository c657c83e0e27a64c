"""Decides what a deploy does: which steps, in which order, why each, and what must be refused before any."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property

from compiler.contract import RootParameter
from compiler.model.template_set import ROOT, TemplateSet
from deployer.access.secrets import refuse_missing, versions_of
from deployer.account.keys import refuse_keys
from deployer.account.networks import refuse_network
from deployer.account.quotas import QuotaRefusal
from deployer.aws.stacks import Stack
from deployer.databases.moments import refuse_moment
from deployer.differences.by_hand import changes_by_hand
from deployer.differences.compare import compare
from deployer.differences.difference import Difference
from deployer.durations.creation import creation_seconds
from deployer.losses.network_changes import refuse_network_changes
from deployer.losses.newer_release import only_of_newer
from deployer.losses.shortened_life import shortened_life
from deployer.plans.database_changes import engine_upgrade, lacks_database, successor
from deployer.plans.deliveries.roster import DELIVERIES
from deployer.plans.delivery_changes import refuse_unsaid_change
from deployer.plans.deployed_templates import deployed_templates
from deployer.plans.observed import Observed
from deployer.plans.plan import Plan
from deployer.plans.repair import plan_repair
from deployer.plans.services import asleep, counts_by_hand, planned_counts, restart_step, service_changes
from deployer.plans.tasks import planned_tasks
from deployer.plans.templates import bootstrap_step, pin_step, same_text, templates_step
from deployer.plans.upgrade import NOTHING_CHOSEN, DeployChoices, Upgrade, migration_steps, plan_upgrade, rest_steps
from deployer.release.airflow_home import Code
from deployer.stacks.desired_counts import is_running
from deployer.stacks.preflight import check_database, check_owner, refuse_account
from deployer.stacks.replacement_guard import refuse_losses, template_losses, template_replaced_roles
from deployer.stacks.rollout import refuse_status
from deployer.stacks.statuses import Action, action_of
from deployer.stacks.template_diff import Loss
from deployer.stacks.upload_templates import template_keys
from deployer.steps.code.image import BuildImage
from deployer.steps.code.imports import TryImports
from deployer.steps.code.one_off_tasks import PlannedTask, RunOneOffTasks
from deployer.steps.code.read_dump import ReadDump
from deployer.steps.services.clean_up import CleanUp
from deployer.steps.services.oauth_client import MakeClientSecret, RequireClient
from deployer.steps.services.restart import RecordRestart, restart_version
from deployer.steps.services.verify import Verify
from deployer.steps.services.wake import Wake
from deployer.steps.stacks.root_stack import Provision, RollServices
from deployer.steps.stacks.service_linked_roles import CreateServiceLinkedRoles
from deployer.steps.stacks.settle import Settle
from deployer.steps.stacks.zones import zone_parameters
from deployer.steps.step import Need, Step
from deployer.tasks.database_setup import TEMPLATE
from spec.environment import Environment

_AT_REST = frozenset({Action.CREATE, Action.UPDATE})


def plan_deploy(
    env: Environment,
    templates: TemplateSet,
    code: Code,
    observed: Observed,
    *,
    allowed: AbstractSet[str] = frozenset(),
    choices: DeployChoices = NOTHING_CHOSEN,
) -> Plan:
    """Return the plan of a deploy.

    `allowed` names the logical paths whose state may be lost, and the keys of the YAML that may keep less, `choices`
    what an upgrade to another Airflow release may do.

    Raises `Refusal` for whatever can be refused by looking, so that nothing is written before it.
    """
    refuse_account(env, observed.account)
    check_owner(env, observed.stack)
    if observed.stack is not None:
        refuse_status(observed.stack, observed.region)
    if action_of(observed.stack) not in _AT_REST or observed.teardown_note is not None:
        return Plan(name=env.name, final=False, steps=(Settle(reason=_unsettled(observed)),))
    if observed.missing or (choices.repair and observed.outputs):
        return plan_repair(env, templates, observed, allowed, wanted=choices.repair)
    if observed.shortages:
        raise QuotaRefusal(env.name, observed.shortages)
    refuse_network(env, observed.network_faults)
    refuse_keys(env.name, observed.key_faults)
    refuse_moment(env.name, observed.moment_faults)
    refuse_missing(env, observed.secrets)
    nested = observed.nested_templates
    engine = engine_upgrade(env, nested, templates, allowed)
    upgrade = plan_upgrade(env, observed, choices, engine, successor(nested, templates))
    check_database(env, observed.deployed)
    refuse_unsaid_change(env, observed.outputs)
    refuse_network_changes(env.name, {"": observed.root_template, **nested}, templates)
    zones = zone_parameters(env, observed.zones)
    losses = (*template_losses(nested, templates), *shortened_life(env, observed.deployed, nested, templates))
    if upgrade:
        allowed |= only_of_newer(env, upgrade.hops)
    refuse_losses(env.name, losses, allowed)
    wanted = _Deploy(
        env=env, templates=templates, code=code, observed=observed, zones=zones, allowed=allowed, upgrade=upgrade
    )
    return wanted.plan(losses, pin_step(templates, observed, refresh=choices.refresh_images))


def _unsettled(observed: Observed) -> str:
    if observed.teardown_note is not None:
        return "a teardown has not come to its end"
    return f"the stack is {observed.stack.status}" if observed.stack else "the stack is gone"


@dataclass(frozen=True, kw_only=True)
class _Deploy:
    """Everything that the steps of one deploy are decided by."""

    env: Environment
    templates: TemplateSet
    code: Code
    observed: Observed
    zones: Mapping[str, str]
    allowed: AbstractSet[str]
    upgrade: Upgrade | None

    def plan(self, losses: Iterable[Loss], pins: Step) -> Plan:
        return Plan(
            name=self.env.name,
            steps=tuple(self._steps(pins)),
            difference=self._difference,
            losses=tuple(losses),
            notes=tuple(self._notes()),
            services=tuple(service_changes(self.env, self.observed)),
            tasks=self._tasks,
            code_version=self.code.version,
            upgrade=self.upgrade,
            by_hand=tuple(changes_by_hand(self.observed.drift.changes, self._difference)),
            kept_counts=counts_by_hand(self.env, self.observed),
            seconds={} if self.observed.deployed else creation_seconds(self.templates),
        )

    @cached_property
    def _difference(self) -> Difference:
        return compare(deployed_templates(self.observed, self.templates), self.templates)

    def _notes(self) -> Iterator[str]:
        yield from self.observed.drift.unread
        if self.upgrade:
            yield f"{self.upgrade}."
        replaced = tuple(template_replaced_roles(self.observed.nested_templates, self.templates))
        if replaced:
            yield f"{', '.join(replaced)}: another path or name replaces these roles, and their tasks start anew."

    def _steps(self, pins: Step) -> Iterator[Step]:
        yield TryImports(reason="this machine can tell it first", code=self.code, build=not self._running)
        if self.observed.missing_roles:
            reason = "the account lacks them, and a cluster cannot be created without"
            yield CreateServiceLinkedRoles(reason=reason, roles=self.observed.missing_roles)
        yield pins
        yield bootstrap_step(self.env, self.templates, self.observed)
        yield templates_step(self.env, self.templates, self.observed)
        yield from self._prepare()
        yield self._upload()
        if dump := self.observed.dump:
            yield ReadDump(reason="the database is to begin with it", dump=dump, templates=self.templates)
        if self.upgrade and self.upgrade.hops:
            yield from migration_steps(self.env, self.code, self.templates, self.observed)
        yield RunOneOffTasks(
            need=_strongest(task.need for task in self._tasks),
            reason=", ".join(f"{task.command}: {task.need.value}" for task in self._tasks) or "all is done",
            code=self.code,
            templates=self.templates,
            tasks=self._tasks,
        )
        yield self._roll_services()
        yield restart_step(self.observed, self._restart_version, running=self._running)
        yield Verify(reason="CloudFormation does not look at Airflow itself")
        delivery = DELIVERIES[self.env.code_delivery]
        yield from delivery.after_deploy(self.env, self.code, self.observed, running=self._running)
        need = Need.YES if self.observed.state.restart != self._restart_version else Need.NO
        yield RecordRestart(need=need, reason="services read it", version=self._restart_version)
        yield CleanUp(reason="what CloudFormation does not know of would hold up a deletion")

    def _prepare(self) -> Iterator[Step]:
        """Yield what makes stack and image ready; an upgrade has its image before services stop."""
        image = self._parameter(RootParameter.IMAGE_DIGEST)
        build = BuildImage(reason="the repository may hold it already", deployed=image)
        client = (self._client(),) if self.observed.client is not None else ()
        if self.upgrade:
            yield from (*self._client_secret(), *client, build, *rest_steps(self.upgrade), self._provision())
        elif self._runs:
            yield from (*self._prepare_running(), *client, build)
            if self.observed.shut_out:
                yield replace(self._roll_services(), reason="only then the bucket lets the new pushers in")
        else:
            yield from (self._provision(), *client, build)

    def _provision(self) -> Provision:
        return Provision(
            reason=self._why_at_zero(),
            templates=self.templates,
            zones=self.zones,
            allowed=self.allowed,
            foreseen=self._difference,
        )

    @property
    def _running(self) -> bool:
        """Whether services run and go on running: neither an upgrade nor the first change set stops them."""
        return self._runs and self.upgrade is None

    @property
    def _runs(self) -> bool:
        stack = self.observed.deployed
        return stack is not None and is_running(stack) and not self._starts_empty(stack)

    def _starts_empty(self, stack: Stack) -> bool:
        changes = stack.parameters.get(TEMPLATE) != template_keys(self.templates).get(TEMPLATE)
        return lacks_database(self.env, self.observed, self.templates, changes=changes) or self._lacks_code

    @property
    def _lacks_code(self) -> bool:
        """Whether the containers of the new templates would start before their code could be there."""
        outputs = self.observed.outputs
        return outputs is not None and DELIVERIES[self.env.code_delivery].starts_empty(outputs)

    def _why_at_zero(self) -> str:
        stack = self.observed.deployed
        if stack is None:
            return "it is not deployed yet"
        if self.upgrade:
            return "the database is to be upgraded"
        if is_running(stack) and self._lacks_code:
            return "the file system is to have the code in releases"
        if is_running(stack):
            return "another database takes the place of the deployed one"
        return "services are at zero, as an unfinished deploy left them"

    def _parameter(self, name: str) -> str:
        return self.observed.deployed.parameters.get(name, "") if self.observed.deployed else ""

    def _prepare_running(self) -> Iterator[Step]:
        sleeping = asleep(self.env, self.observed)
        if sleeping or self.observed.database_asleep or self.observed.page_shown:
            yield Wake(reason="it sleeps by its schedule", services=sleeping)
        yield from self._client_secret()

    def _client_secret(self) -> Iterator[Step]:
        if self.observed.client is not None and not self.observed.client.secret:
            yield MakeClientSecret(reason="an identity provider needs an OAuth client", templates=self.templates)

    def _client(self) -> RequireClient:
        filled = self._runs and self.observed.client is not None and self.observed.client.filled
        return RequireClient(
            need=Need.NO if filled else Need.YES,
            reason="its OAuth client is stored" if filled else "nobody could log in without an OAuth client",
        )

    def _upload(self) -> Step:
        return DELIVERIES[self.env.code_delivery].upload(self.env, self.code, self.observed, running=self._running)

    @property
    def _tasks(self) -> tuple[PlannedTask, ...]:
        observed = self.upgrade.after(self.observed) if self.upgrade else self.observed
        return tuple(planned_tasks(self.env, self.code, observed))

    def _roll_services(self) -> RollServices:
        templates = self.templates
        changed = not same_text(self.observed.root_template, templates.files[ROOT]) or any(
            self._parameter(parameter) != key for parameter, key in template_keys(templates).items()
        )
        need, reason = Need.UNKNOWN, "the image, a parameter or a tag may be new"
        if not self._running:
            need, reason = Need.YES, "services are to be switched on"
        elif changed:
            need, reason = Need.YES, "the templates are new"
        return RollServices(
            need=need,
            reason=reason,
            templates=templates,
            running=self._running,
            counts=planned_counts(self.env, self.observed),
            zones=self.zones,
            allowed=self.allowed,
            foreseen=self._difference,
        )

    @property
    def _restart_version(self) -> str:
        """What Airflow reads only when it starts: code, and the values that ECS puts into its containers."""
        return restart_version(self.code.restart_version, versions_of(self.observed.secrets))


def _strongest(needs: Iterable[Need]) -> Need:
    """Return YES where one of them is, else UNKNOWN where one of them is, else NO."""
    found = frozenset(needs)
    return next((need for need in (Need.YES, Need.UNKNOWN) if need in found), Need.NO)
