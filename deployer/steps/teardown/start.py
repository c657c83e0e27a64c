"""The steps before anything of an environment is lost: its protection ends, and a note says what it owns."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from compiler.contract import PerProcess
from compiler.model.template_set import ROOT, TemplateSet
from deployer.health.wake import wake_for_changes
from deployer.record.owned_resources import find_owned_resources, write_note
from deployer.stacks.change_sets import Target
from deployer.stacks.protection import lift_protection
from deployer.stacks.rollout import roll_out
from deployer.stacks.tags import stack_tags
from deployer.stacks.upload_templates import upload_templates
from deployer.steps.stacks.zones import zone_parameters
from deployer.steps.step import Context, Facts, Need


@dataclass(frozen=True, kw_only=True)
class Unprotect:
    """Deploy the same environment without protection, with services at zero.

    `zones` are those of its subnets, in a region that lacks Fargate in some; an earlier release did not name them.
    """

    name: ClassVar[str] = "unprotect"
    need: ClassVar[Need] = Need.YES
    reason: str
    bucket: str
    templates: TemplateSet = field(repr=False)
    zones: tuple[str, ...] = ()

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Return the facts with what the environment owns now."""
        env, session, stack = context.env, context.session, facts.root
        context.progress.phase(self.name, "the same environment without protection, services at zero")
        if stack.outputs:
            wake_for_changes(session, facts.outputs, context.progress)
        uploaded = upload_templates(session, self.bucket, self.templates)
        given = {**uploaded.parameters, **zone_parameters(env, self.zones)}
        target = Target(
            name=env.name,
            body=self.templates.files[ROOT],
            parameters={**_without_processes(stack.parameters), **given},
            tags=stack_tags(env),
            url=uploaded.root_url,
            role=env.aws.cloudformation_role,
        )
        roll_out(session, target, context.progress)
        return replace(facts, owned=facts.owned.merged(find_owned_resources(session, stack.id)))


@dataclass(frozen=True, kw_only=True)
class LiftProtection:
    """Lift deletion protection by API from a stack that cannot be updated; its deletion policies stay as they are."""

    name: ClassVar[str] = "unprotect"
    need: ClassVar[Need] = Need.UNKNOWN
    reason: str

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Lift what is there. Raises `ProtectionRemains`."""
        lift_protection(context.session, facts.root.id, context.progress)
        return facts


@dataclass(frozen=True, kw_only=True)
class RecordTeardown:
    """Write the note that outlives the stack; a deploy waits until it is gone."""

    name: ClassVar[str] = "preflight"
    need: ClassVar[Need] = Need.YES
    reason: str
    bucket: str

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Write what the environment owns into the templates bucket."""
        write_note(context.session, self.bucket, context.env.name, facts.owned)
        return facts


def _without_processes(parameters: Mapping[str, str]) -> dict[str, str]:
    return {key: "0" if key.endswith(PerProcess.COUNT) else value for key, value in parameters.items()}
