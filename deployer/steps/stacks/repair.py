"""The step that makes again what somebody deleted by hand."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import ClassVar

from compiler.contract import FOREIGN_IMAGES, PerProcess, RootParameter
from compiler.model.template_set import TemplateSet
from deployer.health.missing import all_resources, missing_among, missing_resources, restorable_among
from deployer.health.service_watch import ServiceWatch
from deployer.losses.review import review
from deployer.stacks.desired_counts import no_services
from deployer.stacks.rollout import RolloutFailure, roll_out
from deployer.steps.stacks.root_stack import root_target
from deployer.steps.step import Context, Facts, Need

_IMAGE = frozenset({RootParameter.IMAGE_DIGEST, RootParameter.IMAGE_TAG, *FOREIGN_IMAGES})


@dataclass(frozen=True, kw_only=True)
class RepairStack:
    """Let CloudFormation compare the stack with what there really is, and bring it back to its templates."""

    name: ClassVar[str] = "repair"
    need: ClassVar[Need] = Need.YES
    reason: str
    templates: TemplateSet = field(repr=False)
    zones: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    allowed: AbstractSet[str] = frozenset()

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Make what is missing again, with the image of now and its counts. Raises `RolloutFailure` if that fails.

        Containers that find no code end at once, and the change with them: without the bucket that has it, services
        stay at zero until the code is there again.
        """
        session, progress = context.session, context.progress
        progress.phase(self.name, "what was deleted by hand")
        _restore(context, facts)
        known = facts.root.parameters
        kept = {key: value for key, value in known.items() if key in _IMAGE or key.endswith(PerProcess.COUNT)}
        if not session.s3.exists(facts.outputs.code_bucket):
            kept |= no_services(context.env.processes)
        target = root_target(context, facts, self.templates, {**self.zones, **kept})
        target, watch = replace(target, reverts_drift=True), ServiceWatch(session, progress.note)
        reviewed = partial(review, session, templates=self.templates, allowed=self.allowed)
        rollout = roll_out(session, target, progress, reviewed, watch)
        if missing := missing_resources(session, rollout.stack.id):
            raise RolloutFailure(
                f"CloudFormation did not make {', '.join(missing)} again.",
                next_step="Make it by hand under the same name, or take the environment down and deploy it anew.",
            )
        return replace(facts, stack=rollout.stack, changed=True)


def _restore(context: Context, facts: Facts) -> None:
    """Take back the deletion of secrets that wait for it: so they keep their values."""
    session, resources = context.session, all_resources(context.session, facts.root.id)
    for path, arn in restorable_among(session, resources, missing_among(session, resources)).items():
        session.secrets.restore(arn)
        context.progress.note(f"{path} was to be deleted. It stays, with its value.")
