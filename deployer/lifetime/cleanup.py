"""Clears away after a deploy or a push what would be in the way later: CloudFormation empties no bucket by itself."""

from compiler.contract import template_prefix
from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs
from spec.environment import Environment


def clear_for_expiry(env: Environment, session: Session, outputs: Outputs, templates_bucket: str) -> None:
    """Leave nothing of a deploy behind that the deletion of an expired environment would stumble over, or miss."""
    retire_commands(session, outputs)
    if env.ttl is None:
        return
    clear_code(env, session, outputs)
    session.s3.purge(templates_bucket, template_prefix(env.name, expiring=True))


def clear_code(env: Environment, session: Session, outputs: Outputs) -> None:
    """Empty the code bucket of an environment that deletes itself; the file system has what was in it."""
    if env.ttl is not None:
        session.s3.purge(outputs.code_bucket)


def retire_commands(session: Session, outputs: Outputs) -> None:
    """Deregister what was registered to run hooks before the stack's own task definition had the new image."""
    family = outputs.command_task.rpartition("/")[2].rpartition(":")[0]
    session.ecs.retire(family, keep=outputs.command_task)
