"""Decides what becomes of an environment of which somebody deleted or changed a part by hand."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from compiler.model.template_set import TemplateSet
from deployer.differences.by_hand import changes_by_hand
from deployer.differences.difference import NO_DIFFERENCE
from deployer.losses.emptied import emptied
from deployer.plans.observed import Observed
from deployer.plans.plan import Plan
from deployer.plans.templates import bootstrap_step, templates_step
from deployer.steps.stacks.repair import RepairStack
from deployer.steps.stacks.zones import zone_parameters
from spec.environment import Environment
from spec.errors import Refusal


class MissingRefusal(Refusal):
    """Somebody deleted a part of the environment by hand."""


class EmptiedRefusal(Refusal):
    """What somebody deleted would come back without what was in it."""


def plan_repair(
    env: Environment, templates: TemplateSet, observed: Observed, allowed: AbstractSet[str], *, wanted: bool
) -> Plan:
    """Return the plan that takes back what was done by hand, where that is `wanted`; what comes after is planned anew.

    `allowed` names what a deploy may lose. Raises `MissingRefusal` where it is not wanted, and `EmptiedRefusal` where
    something would come back without what was in it.
    """
    gone = ", ".join(observed.missing)
    if observed.missing and not wanted:
        raise MissingRefusal(
            f"{env.name} lacks {gone}: somebody deleted that by hand.",
            why="CloudFormation does not know, and would not make it again.",
            next_step="`windsock deploy --repair` does, and takes back what else was changed by hand.",
        )
    _refuse_emptied(env, observed, allowed)
    step = RepairStack(
        reason=_reason(observed, gone),
        templates=templates,
        zones=zone_parameters(env, observed.zones),
        allowed=allowed,
    )
    first = (bootstrap_step(env, templates, observed), templates_step(env, templates, observed))
    by_hand = tuple(changes_by_hand(observed.drift.changes, NO_DIFFERENCE, repairs=True))
    notes = tuple(_of_rules(observed))
    return Plan(name=env.name, final=False, steps=(*first, step), by_hand=by_hand, notes=notes)


def _refuse_emptied(env: Environment, observed: Observed, allowed: AbstractSet[str]) -> None:
    losses = emptied(observed.missing, observed.drift.changes, observed.restorable)
    lost = [loss for loss in losses if loss.path not in allowed]
    if lost:
        raise EmptiedRefusal(
            f"{env.name} would come back without what was in {', '.join(loss.path for loss in lost)}.",
            why="\n".join(map(str, lost)),
            next_step=f"If that is meant, add {' '.join(f'{loss.allowed_by} {loss.path}' for loss in lost)}",
        )


def _of_rules(observed: Observed) -> Iterator[str]:
    """Yield what may hold the repair up: EC2 takes no rule twice."""
    for path, identity in observed.put_back.items():
        yield (
            f"{path} was put back by hand as {identity}. If CloudFormation fails because it is there, revoke that in "
            f"the EC2 console and repair again."
        )


def _reason(observed: Observed, gone: str) -> str:
    if gone:
        return f"it lacks {gone}"
    if observed.drift.changes:
        return "somebody changed it by hand"
    return "nothing was found that is gone or changed; CloudFormation looks for itself"
