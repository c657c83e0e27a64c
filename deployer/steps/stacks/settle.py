"""The step that lets whatever goes on in the environment's stack come to its end; what comes after is planned anew."""

from dataclasses import dataclass, replace
from typing import ClassVar

from deployer.lifetime.pending_teardown import end_pending_teardown
from deployer.stacks.events import follow, start_of_operation
from deployer.stacks.statuses import is_over
from deployer.steps.step import Context, Facts, Need


@dataclass(frozen=True, kw_only=True)
class Settle:
    """Wait for an operation, continue a failed rollback, delete what a failed creation left, take a teardown back."""

    name: ClassVar[str] = "preflight"
    need: ClassVar[Need] = Need.YES
    reason: str

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Bring the stack to rest. Raises `RolloutFailure` or `TeardownUnfinished`."""
        stack = end_pending_teardown(context.session, context.env.name, context.progress)
        return replace(facts, stack=stack)


@dataclass(frozen=True, kw_only=True)
class AwaitOperation:
    """Wait for the operation in progress before a teardown; repair nothing."""

    name: ClassVar[str] = "preflight"
    need: ClassVar[Need] = Need.YES
    reason: str

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Follow the stack until it is at rest; report it when it was a deletion."""
        session, name = context.session, context.env.name
        stack = session.cloudformation.stack(name)
        if stack is None or is_over(stack.status):
            return facts
        context.progress.note(f"Stack {name} is {stack.status}; waiting for it to come to rest.")
        outcome = follow(session, stack.id, start_of_operation(session, stack.id), context.progress)
        return replace(facts, report=facts.report.with_deletion(name, outcome))
