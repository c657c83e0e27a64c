"""Refuses a change that would replace or remove what cannot be made again.

It reads two sources. The change set says what CloudFormation will do, but calls every replacement that hangs on
another stack's output `Conditional`; the templates tell where such a value comes from. The local comparison of deployed
and new templates says which create-only property changes, but does not see parameter values. A certain replacement in
either is enough, and so is one that hangs on a resource that becomes another.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from compiler.contract import title
from compiler.model.template_set import TemplateSet
from deployer.aws.session import Session
from deployer.aws.stacks import STACK_TYPE, Stack
from deployer.stacks.change_sets import PlannedChange, Proposal
from deployer.stacks.stateful_types import ACCESS_POINT, COPIES, FILE_SYSTEM, STATEFUL
from deployer.stacks.template_diff import Loss, losses, replaced_roles, resources
from deployer.stacks.upload_templates import template_key
from spec.errors import Refusal

_LOSING_POLICIES = frozenset({"Delete", "ReplaceAndDelete", "ReplaceAndRetain", "ReplaceAndSnapshot"})


class StateRefusal(Refusal):
    """The change would lose state, or shorten how long it is kept."""

    def __init__(self, name: str, found: tuple[Loss, ...]) -> None:
        allow = " ".join(f"{loss.allowed_by} {loss.path}" for loss in found)
        super().__init__(
            f"Deploying {name} would lose state, or what keeps it; nothing was changed.",
            why="\n".join(map(str, found)),
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
    conditional: Iterable[Loss],
) -> None:
    """Refuse `proposal` when it would lose state at a logical path that is not in `allowed`.

    `stack` is the root as it is deployed, None before the first time; `conditional` are the losses that its change set
    leaves open. Raises `StateRefusal`.
    """
    if stack is not None:
        by_templates = template_losses(differing_templates(session, stack, templates), templates)
        refuse_losses(templates.name, (*planned_losses(proposal.changes), *by_templates, *conditional), allowed)


def differing_templates(session: Session, stack: Stack, templates: TemplateSet) -> Mapping[str, str]:
    """Return the templates of the nested stacks that differ from `templates` or are not in them, by logical id."""
    files = nested_files(templates)
    return {
        resource.logical_id: session.cloudformation.template(resource.physical_id)
        for resource in session.cloudformation.resources(stack.id)
        if resource.type == STACK_TYPE and resource.physical_id and not is_same(stack, resource.logical_id, files)
    }


def template_losses(deployed: Mapping[str, str], templates: TemplateSet) -> Iterator[Loss]:
    """Yield the losses that going from `deployed` to `templates` would bring, long before there is a change set."""
    files = nested_files(templates)
    for name, text in deployed.items():
        yield from losses(name, resources(text), resources(files[name]) if name in files else {})


def template_replaced_roles(deployed: Mapping[str, str], templates: TemplateSet) -> Iterator[str]:
    """Yield the logical paths of the roles that going from `deployed` to `templates` replaces."""
    files = nested_files(templates)
    for name, text in deployed.items():
        if name in files:
            yield from (f"{name}/{role}" for role in replaced_roles(resources(text), resources(files[name])))


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


def refuse_losses(name: str, losses_: Sequence[Loss], allowed: AbstractSet[str]) -> None:
    """Refuse losses at logical paths and keys of the YAML that are not in `allowed`. Raises `StateRefusal`."""
    lost = {loss.path: loss for loss in reversed(losses_) if not _goes_with_its_file_system(loss, losses_)}
    found = {path: loss for path, loss in lost.items() if path not in allowed | COPIES}
    if found:
        raise StateRefusal(name, tuple(found[path] for path in sorted(found)))


def _goes_with_its_file_system(loss: Loss, all_: Iterable[Loss]) -> bool:
    """Whether it is an access point whose file system goes too: that one is asked for, and the other holds nothing."""
    stack, _, _ = loss.path.rpartition("/")
    return loss.type == ACCESS_POINT and any(
        other.type == FILE_SYSTEM and other.path.rpartition("/")[0] == stack for other in all_
    )


def nested_files(templates: TemplateSet) -> Mapping[str, str]:
    """Return the nested templates by the logical ids of their stacks."""
    return {title(name): templates.files[f"{name}.yaml"] for name in templates.nested}


def is_same(stack: Stack, name: str, files: Mapping[str, str]) -> bool:
    """Whether the root's parameter says that the nested stack has this template already."""
    return name in files and stack.parameters.get(f"{name}Template") == template_key(files[name])
