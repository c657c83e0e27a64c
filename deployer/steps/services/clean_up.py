"""The step that clears away after a deploy what would be in the way later."""

from dataclasses import dataclass
from typing import ClassVar

from compiler.contract import TEMPLATES_BUCKET
from deployer.lifetime.cleanup import clear_for_expiry, limit_logs_of_aws
from deployer.steps.step import Context, Facts, Need


@dataclass(frozen=True, kw_only=True)
class CleanUp:
    """Deregister revisions of one-off tasks, let log groups of AWS expire, clear what an expiry would stumble over."""

    name: ClassVar[str] = "clear"
    need: ClassVar[Need] = Need.UNKNOWN
    reason: str

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Clear what is there."""
        limit_logs_of_aws(context.env, context.session, facts.outputs)
        clear_for_expiry(context.env, context.session, facts.outputs, facts.bootstrap[TEMPLATES_BUCKET])
        return facts
