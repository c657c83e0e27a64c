"""The step that makes or updates the bootstrap stack."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

from compiler.contract import TEMPLATES_BUCKET
from compiler.model.template_set import TemplateSet
from deployer.stacks.bootstrap import ensure_bootstrap
from deployer.steps.step import Context, Facts, Need


@dataclass(frozen=True, kw_only=True)
class EnsureBootstrap:
    """Create or update the stack of the templates bucket; leave it as it is where `need` says so."""

    name: ClassVar[str] = "toolkit"
    need: Need
    reason: str
    templates: TemplateSet = field(repr=False)

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Return the facts with the outputs of the bootstrap stack."""
        context.progress.phase(self.name, "the bucket for templates")
        if self.need is Need.NO:
            return facts
        outputs = ensure_bootstrap(context.env, context.session, self.templates, context.progress)
        context.lease.take(outputs[TEMPLATES_BUCKET], context.progress)
        return replace(facts, bootstrap=outputs)
