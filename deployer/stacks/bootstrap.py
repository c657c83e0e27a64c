"""Keeps the toolkit: the one stack per account and region that holds templates and the role that deletes."""

from collections.abc import Mapping

from compiler.contract import BOOTSTRAP_STACK, TEMPLATES_BUCKET
from compiler.model.template_set import BOOTSTRAP, TemplateSet
from deployer.aws.session import Session
from deployer.progress import Progress
from deployer.stacks.change_sets import Target
from deployer.stacks.rollout import roll_out


def ensure_toolkit(session: Session, templates: TemplateSet, progress: Progress) -> Mapping[str, str]:
    """Create or update the toolkit stack and return its outputs."""
    stack = session.cloudformation.stack(BOOTSTRAP_STACK)
    told = stack.outputs if stack and stack.status == "DELETE_FAILED" else {}
    if TEMPLATES_BUCKET in told and session.s3.exists(told[TEMPLATES_BUCKET]):
        # A teardown wanted it away just as somebody began to use it; the last environment takes it along.
        return told
    rollout = roll_out(session, Target(BOOTSTRAP_STACK, templates.files[BOOTSTRAP]), progress)
    return rollout.stack.outputs


def find_templates_bucket(session: Session) -> str | None:
    """Return the name of the templates bucket, or None when there is no toolkit."""
    stack = session.cloudformation.stack(BOOTSTRAP_STACK)
    return stack.outputs.get(TEMPLATES_BUCKET) if stack else None
