"""The tags that CloudFormation puts on everything of an environment."""

from spec.environment import Environment

OWNER = "windsock:environment"
BRANCH = "windsock:branch"


def stack_tags(env: Environment) -> dict[str, str]:
    """Return the user's tags, the environment's name and its branch; nothing that changes from deploy to deploy."""
    return {**env.aws.tags, OWNER: env.name, **({BRANCH: env.branch} if env.branch else {})}
