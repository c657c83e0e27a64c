"""State is sacred: refuses a change that would replace or remove what cannot be made again.

Two witnesses are heard. The change set says what CloudFormation will do, but calls every replacement that hangs on
another stack's output `Conditional`. The local comparison of deployed and new templates says which create-only property
changes, but does not see parameter values. A sure word of either is enough.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from compiler.contract import title
from compiler.model.template_set import TemplateSet
from deployer.aws.session import Session
from deployer.aws.stacks import STACK_TYPE, Stack
from deployer.stacks.change_sets import PlannedChange, Proposal
from deployer.stacks.stateful_types import COPIES, STATEFUL
from deployer.stacks.template_diff import Loss, losses, resources
from deployer.stacks.upload_templates import template_key
from spec.errors import Refusal

_LOSING_POLICIES = frozenset({"Delete", "ReplaceAndDelete", "ReplaceAndRetain", "ReplaceAndSnapshot"})


class StateRefusal(Refusal):
    """The change would lose state."""

    def __init__(self, name: str, found: tuple[Loss, ...]) -> None:
        allow = " ".join(f"--allow-replace {loss.path}" for loss in found)
        super().__init__(
            f"Deploying {name} would lose state; nothing was changed.",
            why="\n".join(f"{loss.path} ({loss.type}) {loss.what}." for loss in found),
            next_step=f"Undo that change in the YAML or, if the loss is meant, deploy with {allow}",
        )
        self.losses = found


def check(
    session: Session,
    *,
    proposal: Proposal,
    stack: Stack | None,
    templates: TemplateSet,
    allowed: AbstractSet[str],
) -> None:
    """Refuse `proposal` when it would lose state at a logical path that is not in `allowed`.

    `stack` is the root as it is deployed, None before the first time. Raises `StateRefusal`.
    """
    if stack is not None:
        told = (*planned_losses(proposal.changes), *_template_losses(session, stack, templates))
        _refuse(templates.name, told, allowed)


def check_templates(session: Session, stack: Stack, templates: TemplateSet, allowed: AbstractSet[str]) -> None:
    """Refuse `templates` when they alone show a loss, long before there is a change set. Raises `StateRefusal`."""
    _refuse(templates.name, tuple(_template_losses(session, stack, templates)), allowed)


def planned_losses(changes: Iterable[PlannedChange]) -> Iterator[Loss]:
    """Yield the losses of which the change set is sure."""
    for planned in changes:
        change = planned.change
        if change.type not in STATEFUL:
            continue
        if change.action == "Remove":
            yield Loss(planned.path, change.type, "would be removed")
        elif change.replacement == "True" or change.policy_action in _LOSING_POLICIES:
            yield Loss(planned.path, change.type, "would be replaced by a new, empty one")


def _refuse(name: str, told: Sequence[Loss], allowed: AbstractSet[str]) -> None:
    found = {loss.path: loss for loss in reversed(told) if loss.path not in allowed | COPIES}
    if found:
        raise StateRefusal(name, tuple(found[path] for path in sorted(found)))


def _template_losses(session: Session, stack: Stack, templates: TemplateSet) -> Iterator[Loss]:
    nested = {resource.logical_id: resource for resource in session.cloudformation.resources(stack.id)}
    files = {title(name): templates.files[f"{name}.yaml"] for name in templates.nested}
    for name, resource in nested.items():
        if resource.type != STACK_TYPE or not resource.physical_id:
            continue
        text = files.get(name)
        if text is not None and stack.parameters.get(f"{name}Template") == template_key(text):
            continue
        old = resources(session.cloudformation.template(resource.physical_id))
        yield from losses(name, old, resources(text) if text is not None else {})
