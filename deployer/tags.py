"""The tags that CloudFormation puts on everything of an environment."""

from spec.environment import Environment

OWNER = "windsock:environment"


def stack_tags(env: Environment) -> dict[str, str]:
    """Return the user's tags and the environment's name; nothing that changes from deploy to deploy."""
    return {**env.aws.tags, OWNER: env.name}
