"""The tags that CloudFormation puts on everything of an environment, and on the bootstrap stack."""

from collections.abc import Mapping

from compiler.contract import BRANCH_TAG, ENVIRONMENT_TAG
from spec.environment import Environment

TAGS_MAXIMUM = 50
"""The most tags that a stack can have. Source: CreateStack, CloudFormation API reference."""


def stack_tags(env: Environment) -> dict[str, str]:
    """Return the user's tags, the environment's name and its branch; nothing that changes from deploy to deploy."""
    return {**env.aws.tags, ENVIRONMENT_TAG: env.name, **({BRANCH_TAG: env.branch} if env.branch else {})}


def bootstrap_tags(env: Environment, deployed: Mapping[str, str]) -> dict[str, str]:
    """Return the tags of the bootstrap stack: those that it has, and what it lacks of the user's.

    It belongs to every environment of its account and region. So it keeps each value that an environment gave it, or
    two environments would change it back and forth. It never has the name of one: no expiry may delete it.
    """
    lacking = [(key, value) for key, value in env.aws.tags.items() if key not in deployed]
    return {**deployed, **dict(lacking[: TAGS_MAXIMUM - len(deployed)])}
