"""The step that waits until the environment is healthy."""

from dataclasses import dataclass, replace
from typing import ClassVar

from deployer.health.verify import verify
from deployer.steps.step import Context, Facts, Need


@dataclass(frozen=True, kw_only=True)
class Verify:
    """Look at services, tasks, load balancer and Airflow itself until all say that they are healthy."""

    name: ClassVar[str] = "verify"
    need: ClassVar[Need] = Need.YES
    reason: str

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Return the facts with the health that was seen. Raises `UnhealthyRefusal`."""
        context.progress.phase(self.name, "services, load balancer and Airflow's own word")
        tell = context.progress.note
        return replace(facts, health=verify(context.session, context.env, facts.outputs, context.web_url, tell))
