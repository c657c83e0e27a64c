"""Follows what another run does to an environment, from another terminal, until that run ends."""

from deployer.aws.session import Session
from deployer.progress import Progress
from deployer.record.lease import WAIT_SECONDS, read_holder
from deployer.stacks.bootstrap import find_templates_bucket
from deployer.stacks.events import follow, start_of_operation
from deployer.stacks.statuses import Action, action_of
from spec.environment import Environment


def rejoin(env: Environment, session: Session, progress: Progress) -> bool:
    """Show who changes the environment and what happens in its stacks; return whether anything went on.

    It ends when nobody holds the lease and the stack is at rest, or after the hours for which a lease is waited for.
    """
    deadline = session.clock.now() + WAIT_SECONDS
    told, seen = "", False
    while session.clock.now() < deadline:
        holder = read_holder(env, session, find_templates_bucket(session) or "")
        if holder and holder.run != told:
            told, seen = holder.run, True
            progress.phase(holder.what, f"by {holder.who}, from {holder.where}, since {holder.since}")
        stack = session.cloudformation.stack(env.name)
        if stack is not None and action_of(stack) is Action.WAIT:
            seen = True
            follow(session, stack.id, start_of_operation(session, stack.id), progress)
        elif holder is None:
            break
        else:
            session.clock.sleep(session.clock.longest)
    return seen
