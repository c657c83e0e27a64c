"""The step that uploads the templates of an environment."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

from compiler.contract import TEMPLATES_BUCKET
from compiler.model.template_set import TemplateSet
from deployer.lifetime.ttl import lifetime_parameters
from deployer.stacks.upload_templates import locate_templates, upload_templates
from deployer.steps.step import Context, Facts, Need


@dataclass(frozen=True, kw_only=True)
class UploadTemplates:
    """Upload the templates that the bucket does not hold: `missing` are their keys."""

    name: ClassVar[str] = "templates"
    need: Need
    reason: str
    templates: TemplateSet = field(repr=False)
    missing: tuple[str, ...] = ()

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Return the facts with where the templates are and what the root is to know of them."""
        env, session, bucket = context.env, context.session, facts.bootstrap[TEMPLATES_BUCKET]
        context.progress.phase(self.name, f"{len(self.templates.nested) + 1} to {bucket}")
        expiring = env.ttl is not None
        if self.need is Need.NO:
            uploaded = locate_templates(session.region, bucket, self.templates, expiring=expiring)
        else:
            uploaded = upload_templates(session, bucket, self.templates, expiring=expiring)
        lifetime = lifetime_parameters(env, session, facts.stack, uploaded.parameters, facts.bootstrap)
        return replace(facts, uploaded_templates=uploaded.with_parameters(lifetime))
