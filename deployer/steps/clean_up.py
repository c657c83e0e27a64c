"""The step that clears away after a deploy what would be in the way later."""

from dataclasses import dataclass
from typing import ClassVar

from compiler.contract import TEMPLATES_BUCKET
from deployer.lifetime.cleanup import clear_for_expiry
from deployer.steps.step import Context, Facts, Need


@dataclass(frozen=True, kw_only=True)
class CleanUp:
    """Deregister the revisions of one-off tasks; of an environment that deletes itself, clear code and templates."""

    name: ClassVar[str] = "clear"
    need: ClassVar[Need] = Need.UNKNOWN
    reason: str

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Clear what is there."""
        clear_for_expiry(context.env, context.session, facts.outputs, facts.bootstrap[TEMPLATES_BUCKET])
        return facts
