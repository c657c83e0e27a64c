"""Reviews a change set before it is executed: nothing of value goes with it but what somebody named."""

from collections.abc import Set as AbstractSet

from compiler.model.template_set import TemplateSet
from deployer.aws.session import Session
from deployer.aws.stacks import Stack
from deployer.losses.conditional_replacements import conditional_losses
from deployer.stacks import replacement_guard
from deployer.stacks.change_sets import Proposal


def review(
    session: Session,
    proposal: Proposal,
    stack: Stack | None,
    *,
    templates: TemplateSet,
    allowed: AbstractSet[str],
) -> None:
    """Refuse a change set that loses state, or that leaves it open whether it does. Raises `StateRefusal`.

    `stack` is the root as it is deployed, None before the first time; `allowed` are logical paths that may be lost.
    """
    replacement_guard.check(
        session,
        proposal=proposal,
        stack=stack,
        templates=templates,
        allowed=allowed,
        conditional=conditional_losses(proposal.changes, templates),
    )
