"""Keeps the bootstrap stack: one per account and region, with the templates bucket and the deletion role."""

from collections.abc import Mapping

from compiler.contract import BOOTSTRAP_STACK, TEMPLATES_BUCKET
from compiler.model.template_set import BOOTSTRAP, TemplateSet
from deployer.aws.session import Session
from deployer.progress import Progress
from deployer.stacks.change_sets import Target
from deployer.stacks.rollout import roll_out


def ensure_bootstrap(session: Session, templates: TemplateSet, progress: Progress) -> Mapping[str, str]:
    """Create or update the bootstrap stack and return its outputs."""
    stack = session.cloudformation.stack(BOOTSTRAP_STACK)
    outputs = stack.outputs if stack and stack.status == "DELETE_FAILED" else {}
    if TEMPLATES_BUCKET in outputs and session.s3.exists(outputs[TEMPLATES_BUCKET]):
        # A teardown tried to delete it while a deploy began to use it; the teardown of the last environment deletes it.
        return outputs
    rollout = roll_out(session, bootstrap_target(templates), progress)
    return rollout.stack.outputs


def bootstrap_target(templates: TemplateSet) -> Target:
    """Return the target of the bootstrap stack; it has no tags, since it belongs to every environment."""
    return Target(name=BOOTSTRAP_STACK, body=templates.files[BOOTSTRAP])


def find_templates_bucket(session: Session) -> str | None:
    """Return the name of the templates bucket, or None when there is no bootstrap stack."""
    stack = session.cloudformation.stack(BOOTSTRAP_STACK)
    return stack.outputs.get(TEMPLATES_BUCKET) if stack else None
