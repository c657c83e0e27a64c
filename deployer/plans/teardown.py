"""Decides what a teardown does: what is deleted, what is cleared, and whether protection forbids it."""

from collections.abc import Iterator

from compiler.contract import BOOTSTRAP_STACK, RootOutput
from compiler.model.template_set import TemplateSet
from deployer.durations.deletion import deletion_seconds
from deployer.losses.fates import fates
from deployer.plans.observed import Observed
from deployer.plans.plan import Plan
from deployer.stacks.preflight import check_owner, refuse_account
from deployer.stacks.statuses import Action, action_of, is_over
from deployer.steps.stacks.bootstrap import EnsureBootstrap
from deployer.steps.stacks.settle import AwaitOperation
from deployer.steps.step import Need, Step
from deployer.steps.teardown.clear import ClearRemains, ClearTemplates
from deployer.steps.teardown.delete import DeleteStack, Drain
from deployer.steps.teardown.start import LiftProtection, RecordTeardown, Unprotect
from spec.environment import Environment
from spec.errors import Refusal


class ProtectionRefusal(Refusal):
    """The environment is protected."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is protected; nothing was changed.",
            why="Its file system, bucket, images, secrets and logs would be lost. "
            "Of a database instance a final snapshot stays, with the secrets to restore it.",
            next_step=f"If that is meant, run teardown with --unprotect {name}",
        )


class ElsewhereRefusal(Refusal):
    """The environment is not where the YAML says, and goes on under another name or in another region."""


def plan_teardown(
    env: Environment,
    observed: Observed,
    *,
    unprotect: str | None = None,
    unprotected: TemplateSet | None = None,
    templates: TemplateSet | None = None,
) -> Plan:
    """Return the plan of a teardown; of an environment that does not exist, it clears what may be left of it.

    A protected one is refused unless `unprotect` is its name; `unprotected` are then its templates without protection.
    One whose creation failed is never refused: nobody ever used it, and AWS rolls back nothing that is protected.
    `templates` are those of this release, whose deletion role takes the place of an older one.
    """
    refuse_account(env, observed.account)
    check_owner(env, observed.stack)
    stack = observed.stack
    if observed.others and not env.branch:
        raise ElsewhereRefusal(
            f"There is nothing of {env.name} in {observed.region}; nothing was changed.",
            why=f"There is {', '.join(observed.others)}. Somebody may have edited the name or the region in the YAML.",
            next_step="If so, set them back to what `windsock list` shows, and run teardown again.",
        )
    if stack is not None and not is_over(stack.status) and stack.status != "REVIEW_IN_PROGRESS":
        return Plan(name=env.name, final=False, steps=(AwaitOperation(reason=f"the stack is {stack.status}"),))
    protected = _is_protected(env, observed)
    if protected and (unprotect != env.name or unprotected is None):
        raise ProtectionRefusal(env.name)
    if protected and _can_be_updated(observed) and not observed.bootstrap.bucket:
        raise Refusal(
            f"There is no {BOOTSTRAP_STACK} stack in {observed.region}, without which protection cannot be taken off.",
            next_step="Run `windsock deploy` once, which makes it again.",
        )
    ends = unprotected if protected else None
    return Plan(
        name=env.name,
        steps=tuple(_steps(observed, ends, templates)),
        fates=fates(observed.members, ends if _can_be_updated(observed) else None),
        seconds={} if templates is None or stack is None else deletion_seconds(templates),
    )


def _steps(observed: Observed, unprotected: TemplateSet | None, templates: TemplateSet | None) -> Iterator[Step]:
    bucket = observed.bootstrap.bucket
    if observed.stack is not None:
        if observed.stack.role and observed.bootstrap.stack is not None and templates is not None:
            # A deletion without a role "uses the role that was previously associated with the stack" (DeleteStack).
            reason = "it expired, and CloudFormation goes on with the role of that, which may lack permissions"
            yield EnsureBootstrap(need=Need.YES, reason=reason, templates=templates)
        if unprotected is not None and _can_be_updated(observed):
            yield Unprotect(
                reason="it is protected, and that is to end",
                bucket=bucket,
                templates=unprotected,
                zones=observed.zones,
            )
        elif unprotected is not None or observed.never_came_up:
            yield LiftProtection(reason="AWS deletes nothing that is protected, and the stack cannot be updated")
        if bucket:
            yield RecordTeardown(reason="a teardown that is killed is completed by the next", bucket=bucket)
        yield Drain(reason="tasks and objects would hold up the deletion", owned=observed.owned)
        yield DeleteStack(reason="CloudFormation deletes what it made")
    yield ClearRemains(reason="CloudFormation does not know of it")
    if bucket:
        yield ClearTemplates(reason="nobody needs them any more", bucket=bucket)


def _is_protected(env: Environment, observed: Observed) -> bool:
    """Return whether its parts may hold what must not be lost; nobody has ever used what never came up."""
    if observed.stack is None or observed.never_came_up:
        return False
    # Without outputs the YAML says how its parts were made.
    return observed.stack.outputs.get(RootOutput.PROTECT, str(env.protect).lower()) == "true"


def _can_be_updated(observed: Observed) -> bool:
    return action_of(observed.stack) is Action.UPDATE
