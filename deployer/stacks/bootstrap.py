"""Keeps the bootstrap stack: one per account and region, with the templates bucket and the deletion role."""

from collections.abc import Mapping
from dataclasses import replace

from compiler.contract import BOOTSTRAP_STACK, ENVIRONMENT_TAG, TEMPLATES_BUCKET, RootParameter
from compiler.model.template_set import BOOTSTRAP, TemplateSet
from deployer.aws.session import Session
from deployer.aws.stacks import Stack
from deployer.progress import Progress
from deployer.stacks.change_sets import Target
from deployer.stacks.rollout import change, settle
from deployer.stacks.tags import bootstrap_tags
from deployer.stacks.template_diff import replaced_roles, resources
from spec.environment import Environment
from spec.errors import Refusal


def ensure_bootstrap(
    env: Environment, session: Session, templates: TemplateSet, progress: Progress
) -> Mapping[str, str]:
    """Create or update the bootstrap stack and return its outputs.

    Raises `Refusal` when that would replace the deletion role, and another environment is to be deleted with it.
    """
    stack = session.cloudformation.stack(BOOTSTRAP_STACK)
    outputs = stack.outputs if stack and stack.status == "DELETE_FAILED" else {}
    if TEMPLATES_BUCKET in outputs and session.s3.exists(outputs[TEMPLATES_BUCKET]):
        # A teardown tried to delete it while a deploy began to use it; the teardown of the last environment deletes it.
        return outputs
    stack = settle(session, BOOTSTRAP_STACK, stack, progress)
    target = bootstrap_target(env, templates, stack)
    if stack:
        _refuse_other_role(env, session, stack, templates.files[BOOTSTRAP])
        target = replace(target, reverts_drift=not session.s3.exists(stack.outputs.get(TEMPLATES_BUCKET, "")))
    return change(session, stack, target, progress).stack.outputs


def bootstrap_target(env: Environment, templates: TemplateSet, deployed: Stack | None) -> Target:
    """Return the target of the bootstrap stack as `env` wants it."""
    tags = bootstrap_tags(env, deployed.tags if deployed else {})
    return Target(name=BOOTSTRAP_STACK, body=templates.files[BOOTSTRAP], tags=tags, role=env.aws.cloudformation_role)


def _refuse_other_role(env: Environment, session: Session, stack: Stack, body: str) -> None:
    """Refuse to replace the deletion role of other environments: theirs would be gone when they expire."""
    if not any(replaced_roles(resources(session.cloudformation.template(stack.id)), resources(body))):
        return
    using = sorted(
        other.name
        for other in session.cloudformation.stacks_of_account()
        if other.tags.get(ENVIRONMENT_TAG) not in {None, env.name} and other.parameters.get(RootParameter.DELETION_ROLE)
    )
    if using:
        raise Refusal(
            f"{env.name} wants another path or name for the deletion role, which {', '.join(using)} expires with.",
            why=f"All environments of an account and region share {BOOTSTRAP_STACK}, and the old role would be gone.",
            next_step="Give aws.role_path and aws.role_name_prefix the values of those environments, or deploy again "
            "when they are gone.",
        )


def find_templates_bucket(session: Session) -> str | None:
    """Return the name of the templates bucket, or None when there is no bootstrap stack."""
    stack = session.cloudformation.stack(BOOTSTRAP_STACK)
    return stack.outputs.get(TEMPLATES_BUCKET) if stack else None
