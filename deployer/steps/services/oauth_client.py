"""The steps that see to it that people can log in before anything is switched on."""

from dataclasses import dataclass, field
from typing import ClassVar

from compiler.model.template_set import TemplateSet
from deployer.access.oauth_client import make_secret, refuse_without_client
from deployer.stacks.upload_templates import template_keys
from deployer.steps.step import Context, Facts, Need


@dataclass(frozen=True, kw_only=True)
class MakeClientSecret:
    """Make the empty secret of the OAuth client in an environment that runs, and change nothing else."""

    name: ClassVar[str] = "client"
    need: ClassVar[Need] = Need.YES
    reason: str
    templates: TemplateSet = field(repr=False)

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Look whether there is the secret by now; make it where there is none."""
        make_secret(context.env, context.session, facts.root, template_keys(self.templates), context.progress)
        return facts


@dataclass(frozen=True, kw_only=True)
class RequireClient:
    """End the deploy here unless somebody has stored the OAuth client by now."""

    name: ClassVar[str] = "client"
    need: Need
    reason: str

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Raise `ClientRefusal` when there is no client."""
        if self.need is not Need.NO:
            refuse_without_client(context.env, context.session)
        return facts
