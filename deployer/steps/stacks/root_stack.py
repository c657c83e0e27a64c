"""The steps that change the root stack: with services at zero, and with services switched on."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import ClassVar

from compiler.contract import NO_TAG, RootParameter
from compiler.model.template_set import ROOT, TemplateSet
from deployer.access.oauth_client import client_parameter
from deployer.aws.stacks import Stack
from deployer.differences.cross_check import disagreements
from deployer.differences.difference import NO_DIFFERENCE, Difference
from deployer.health.service_watch import ServiceWatch
from deployer.health.wake import wake_for_changes
from deployer.losses.review import review
from deployer.record.deploy_state import NOTHING, keep_deploy_state, read_deploy_state
from deployer.stacks.change_sets import Proposal, Target
from deployer.stacks.desired_counts import NO_IMAGE, count_parameters, is_running, no_services, wanted_counts
from deployer.stacks.outputs import read_outputs
from deployer.stacks.rollout import roll_out
from deployer.stacks.tags import stack_tags
from deployer.steps.services.replaced_tasks import spare_running_tasks
from deployer.steps.step import Context, Facts, Need

_NO_IMAGE = {RootParameter.IMAGE_DIGEST: NO_IMAGE, RootParameter.IMAGE_TAG: NO_TAG}


@dataclass(frozen=True, kw_only=True)
class Provision:
    """Make everything but running services; `zones` are the root's parameters with the availability zones."""

    name: ClassVar[str] = "provision"
    need: ClassVar[Need] = Need.YES
    reason: str
    templates: TemplateSet = field(repr=False)
    zones: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    allowed: AbstractSet[str] = frozenset()
    foreseen: Difference = field(default=NO_DIFFERENCE, repr=False)

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Bring the root stack to the templates, with services at zero and the image it has."""
        context.progress.phase(self.name, "network, database, storage and cluster, with services at zero")
        if facts.stack and facts.stack.outputs:
            wake_for_changes(context.session, facts.outputs, context.progress)
        known = facts.stack.parameters if facts.stack else {}
        image = {key: known.get(key, nothing) for key, nothing in _NO_IMAGE.items()}
        parameters = {**self.zones, **no_services(context.env.processes), **image}
        running = facts.stack is not None and is_running(facts.stack)
        return _roll_out(self, context, facts, parameters, ends_tasks=running)


@dataclass(frozen=True, kw_only=True)
class RollServices:
    """Switch the services on, or replace their tasks where the templates or the image are new; `zones` as above.

    `counts` are the numbers of tasks that were observed before anything changed.
    """

    name: ClassVar[str] = "services"
    need: Need
    reason: str
    templates: TemplateSet = field(repr=False)
    running: bool
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    zones: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    allowed: AbstractSet[str] = frozenset()
    foreseen: Difference = field(default=NO_DIFFERENCE, repr=False)

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Bring the root stack to the templates, the wanted counts and the image."""
        context.progress.phase(self.name, "rolling over to what is new" if self.running else "switching on")
        counts = count_parameters({**wanted_counts(context.env, facts.root), **self.counts})
        started = not self.running or facts.root.parameters.get(RootParameter.IMAGE_DIGEST) != facts.image
        image = {RootParameter.IMAGE_DIGEST: facts.image, RootParameter.IMAGE_TAG: facts.image_tag}
        parameters = {**self.zones, **counts, **image}
        rolled = _roll_out(self, context, facts, parameters, ends_tasks=self.running)
        return replace(rolled, started=started)


def _roll_out(
    step: Provision | RollServices, context: Context, facts: Facts, parameters: Mapping[str, str], *, ends_tasks: bool
) -> Facts:
    """Bring the root stack to its target; the deploy state outlives that, and a new stack has none.

    `ends_tasks` says that services run.
    """
    session, templates = context.session, step.templates

    def reviewed(proposal: Proposal, stack: Stack | None) -> None:
        review(session, proposal, stack, templates=templates, allowed=step.allowed)
        for sentence in disagreements(step.foreseen, proposal.changes) if stack else ():
            context.progress.note(sentence)
        if ends_tasks:
            spare_running_tasks(context, stack)

    watch = ServiceWatch(session, context.progress.note)
    rollout = roll_out(session, root_target(context, facts, templates, parameters), context.progress, reviewed, watch)
    if not rollout.changed:
        return replace(facts, stack=rollout.stack)
    if rollout.created:
        return replace(facts, stack=rollout.stack, state=NOTHING, changed=True)
    outputs = read_outputs(rollout.stack)
    keep_deploy_state(session, outputs, facts.state)
    state = facts.state if facts.state != NOTHING else read_deploy_state(session, outputs)
    return replace(facts, stack=rollout.stack, state=state, changed=True)


def root_target(context: Context, facts: Facts, templates: TemplateSet, parameters: Mapping[str, str]) -> Target:
    """Return what the root stack is to become with these templates and parameters."""
    env, uploaded = context.env, facts.templates
    return Target(
        name=env.name,
        body=templates.files[ROOT],
        parameters={
            **uploaded.parameters,
            **client_parameter(env, context.session),
            **facts.foreign_images,
            **parameters,
        },
        tags=stack_tags(env),
        url=uploaded.root_url,
        role=env.aws.cloudformation_role,
    )
