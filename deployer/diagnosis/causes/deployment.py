"""Causes in the deployment itself: nothing deployed, no room in the account, and what is broken for no known reason."""

from collections.abc import Iterator

from deployer.diagnosis.cause import Cause
from deployer.diagnosis.evidence import ABSENT, Evidence, Source
from deployer.stacks.statuses import is_over


def missing_roles(evidence: Evidence) -> Iterator[Cause]:
    """Yield that the account lacks service-linked roles."""
    if evidence.roles and evidence.stack != ABSENT:
        yield Cause(
            name="missing service-linked role",
            what=f"The account lacks {', '.join(role.name for role in evidence.roles)}.",
            shown_by=tuple(f"IAM: {role.name} is not there, which {role.service} assumes" for role in evidence.roles),
            next_step="Run `windsock deploy ENV` again: it makes them first.",
        )


def no_room(evidence: Evidence) -> Iterator[Cause]:
    """Yield that a quota of the account leaves no room."""
    if evidence.shortages:
        yield Cause(
            name="quota",
            what=f"The account has no room for {evidence.env.name}: {evidence.shortages[0].name}.",
            shown_by=tuple(f"Service Quotas: {shortage}" for shortage in evidence.shortages),
            next_step="Ask for more under the link, or take down what `windsock list` names and nobody needs.",
        )


def under_way(evidence: Evidence) -> Iterator[Cause]:
    """Yield that an operation goes on, so that what does not run yet may run soon."""
    if not is_over(evidence.stack):
        yield Cause(
            name="operation under way",
            what=f"The stack is {evidence.stack}: it is not over.",
            shown_by=(f"CloudFormation: {evidence.stack}",),
            next_step="Wait for its end; `windsock status ENV` tells.",
        )


def not_deployed(evidence: Evidence) -> Iterator[Cause]:
    """Yield that there is nothing to diagnose."""
    if evidence.stack == ABSENT:
        yield Cause(
            name="not deployed",
            what=f"{evidence.env.name} is not deployed.",
            shown_by=(f"CloudFormation: there is no stack {evidence.env.name}",),
            key=("name",),
            next_step="Run `windsock deploy ENV`.",
        )


def failed_operation(evidence: Evidence) -> Iterator[Cause]:
    """Yield the first reason with which the last operation failed, in the words of AWS."""
    if not evidence.failed:
        return
    events = [statement for statement in evidence.statements if statement.source is Source.EVENT]
    where = events[0].about if events else "the stack"
    yield Cause(
        name="failed operation",
        what=f"CloudFormation could not do what was wanted: {where} failed, and the stack is {evidence.stack}.",
        shown_by=tuple(f"{one.source.value}, {one.about}: {one.text}" for one in events)
        or (f"CloudFormation: {evidence.stack}",),
        next_step="Repair what it names and run `windsock deploy ENV` again.",
    )


def unexplained(evidence: Evidence) -> Iterator[Cause]:
    """Yield what is not as it should be, in the words of the health check and of the tasks."""
    if not evidence.complaints:
        return
    words = [one for one in evidence.statements if one.source in {Source.TASK, Source.SERVICE}]
    yield Cause(
        name="not healthy",
        what=evidence.complaints[0],
        shown_by=(*evidence.complaints[1:], *(f"{one.source.value}, {one.about}: {one.text}" for one in words)),
        next_step="Read `windsock logs ENV --level error`; `windsock diagnose ENV --drift` looks for changes by hand.",
    )
