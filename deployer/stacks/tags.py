"""The tags that CloudFormation puts on everything of an environment."""

from compiler.contract import BRANCH_TAG, ENVIRONMENT_TAG
from spec.environment import Environment


def stack_tags(env: Environment) -> dict[str, str]:
    """Return the user's tags, the environment's name and its branch; nothing that changes from deploy to deploy."""
    return {**env.aws.tags, ENVIRONMENT_TAG: env.name, **({BRANCH_TAG: env.branch} if env.branch else {})}
