"""Knows which environments an account has in a region, from the tags of their root stacks alone."""

from deployer.aws.session import Session
from deployer.aws.stacks import Stack
from deployer.tags import OWNER


def root_stacks(session: Session) -> tuple[Stack, ...]:
    """Return the root stack of every environment, by name; an abandoned first change set is none."""
    found = (stack for stack in session.cloudformation.stacks_of_account() if stack.tags.get(OWNER) == stack.name)
    alive = (stack for stack in found if stack.status not in {"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"})
    return tuple(sorted(alive, key=lambda stack: stack.name))
