"""The step that wakes an environment that sleeps outside its office hours."""

from dataclasses import dataclass
from typing import ClassVar

from deployer.health.wake import wake
from deployer.stacks.desired_counts import wanted_counts
from deployer.steps.step import Context, Facts, Need


@dataclass(frozen=True, kw_only=True)
class Wake:
    """Start the database and the services that sleep: `services` are the names of the latter."""

    name: ClassVar[str] = "wake"
    need: ClassVar[Need] = Need.YES
    reason: str
    services: tuple[str, ...] = ()

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Look which of them sleep now, and start these."""
        counts = wanted_counts(context.env, facts.root)
        wake(context.session, facts.outputs, counts, context.progress)
        return facts
