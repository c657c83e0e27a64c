"""Clears after a deploy or a push what a later deletion would stumble over: CloudFormation empties no bucket."""

from collections.abc import Iterable

from compiler.contract import template_prefix
from deployer.aws.ecs import family_of
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


def limit_logs_of_aws(env: Environment, session: Session, outputs: Outputs) -> None:
    """Let the log groups of RDS and Container Insights forget lines as the others do: AWS makes them without an end.

    Only a protected environment has them, and no template could make them first: AWS names its groups itself.
    """
    if env.protect:
        for prefix in log_groups_of_aws([outputs.database], [outputs.cluster]):
            session.logs.limit(prefix, env.logs.retention_days)


def log_groups_of_aws(databases: Iterable[str], clusters: Iterable[str]) -> tuple[str, ...]:
    """Return how the names of the log groups begin into which RDS and Container Insights write."""
    instances = (f"/aws/rds/instance/{database}/" for database in databases)
    return (*instances, *(f"/aws/ecs/containerinsights/{cluster}/" for cluster in clusters))


def clear_code(env: Environment, session: Session, outputs: Outputs) -> None:
    """Empty the code bucket of an environment that deletes itself; the file system has what was in it."""
    if env.ttl is not None:
        session.s3.purge(outputs.code_bucket)


def retire_commands(session: Session, outputs: Outputs) -> None:
    """Deregister the revisions for one-off tasks that ran before the stack's own task definitions had the new image."""
    own = tuple(filter(None, (outputs.command_task, outputs.sync_task)))
    session.ecs.retire(tuple(map(family_of, own)), keep=own)
