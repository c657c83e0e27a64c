"""Keeps the toolkit: the one stack per account and region that holds templates and the role that deletes."""

from collections.abc import Mapping

from compiler.bootstrap import OUTPUT
from compiler.model.template_set import TOOLKIT, TemplateSet
from deployer.aws.session import Session
from deployer.progress import Progress
from deployer.stacks.change_sets import Target
from deployer.stacks.rollout import roll_out

STACK_NAME = "windsock-toolkit"


def ensure_toolkit(session: Session, templates: TemplateSet, progress: Progress) -> Mapping[str, str]:
    """Create or update the toolkit stack and return its outputs."""
    stack = session.cloudformation.stack(STACK_NAME)
    told = stack.outputs if stack and stack.status == "DELETE_FAILED" else {}
    if OUTPUT in told and session.s3.exists(told[OUTPUT]):
        # A teardown wanted it away just as somebody began to use it; the last environment takes it along.
        return told
    rollout = roll_out(session, Target(STACK_NAME, templates.files[TOOLKIT]), progress)
    return rollout.stack.outputs


def find_templates_bucket(session: Session) -> str | None:
    """Return the name of the templates bucket, or None when there is no toolkit."""
    stack = session.cloudformation.stack(STACK_NAME)
    return stack.outputs.get(OUTPUT) if stack else None
