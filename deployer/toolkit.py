"""Keeps the toolkit: the one stack per account and region that holds the bucket for templates."""

from compiler.template_set import TOOLKIT, TemplateSet
from deployer.aws.session import Session
from deployer.changes import Target
from deployer.progress import Progress
from deployer.rollout import roll_out

STACK_NAME = "windsock-toolkit"

_BUCKET_OUTPUT = "TemplatesBucket"


def ensure_toolkit(session: Session, templates: TemplateSet, progress: Progress) -> str:
    """Create or update the toolkit stack and return the name of its bucket."""
    stack = session.cloudformation.stack(STACK_NAME)
    bucket = stack.outputs.get(_BUCKET_OUTPUT) if stack and stack.status == "DELETE_FAILED" else None
    if bucket and session.s3.exists(bucket):
        # A teardown wanted it away just as somebody began to use it; the last environment takes it along.
        return bucket
    rollout = roll_out(session, Target(STACK_NAME, templates.files[TOOLKIT]), progress)
    return rollout.stack.outputs[_BUCKET_OUTPUT]


def find_templates_bucket(session: Session) -> str | None:
    """Return the name of the templates bucket, or None when there is no toolkit."""
    stack = session.cloudformation.stack(STACK_NAME)
    return stack.outputs.get(_BUCKET_OUTPUT) if stack else None
