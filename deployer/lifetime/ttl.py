"""When an environment deletes itself: passes it to CloudFormation, keeps it over deploys, and puts it off."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from compiler.contract import (
    DELETION_ROLE_OUTPUT,
    EXPIRY,
    LIFETIME,
    RootParameter,
    schedule_name,
    template_parameter,
)
from deployer.aws.errors import AwsRefusal
from deployer.aws.session import Session
from deployer.aws.stacks import Stack
from deployer.stacks.preflight import check_account, refuse_busy, require_deployed
from deployer.stacks.rollout import RolloutFailure
from spec.environment import Environment
from spec.errors import Refusal
from spec.sections.schedules.hours import DAYS
from spec.sections.ttl import LONGEST, read_duration

EXPIRES_AT = RootParameter.EXPIRES_AT
DELETION_ROLE = RootParameter.DELETION_ROLE

_TEMPLATE = template_parameter(LIFETIME)
_FORM = "%Y-%m-%dT%H:%M:%SZ"


class ExpiryRefusal(Refusal):
    """An expiry cannot be what the user wants."""


class ExpiredRefusal(Refusal):
    """The environment's time is over."""


@dataclass(frozen=True)
class Extension:
    """An expiry that was put off."""

    before: datetime
    after: datetime


def expiry(session: Session, stack: Stack) -> datetime | None:
    """Return when the environment of a root stack deletes itself, as its schedule has it; None when it does not.

    The stack itself knows only the first expiry, not the one to which it was put off.
    """
    return session.scheduler.start(schedule_name(stack.name, EXPIRY)) if EXPIRES_AT in stack.parameters else None


def lifetime_parameters(
    env: Environment, session: Session, stack: Stack | None, published: Mapping[str, str], bootstrap: Mapping[str, str]
) -> dict[str, str]:
    """Return the root's parameters for the end of an environment that has one.

    The parameter stays as it was as long as nothing else about the schedule changes: CloudFormation then leaves the
    schedule alone, and with it the time to which it was moved, even when it rolls back. If something does change, the
    parameter is the present expiry.
    """
    if env.ttl is None:
        return {}
    wanted = {_TEMPLATE: published[_TEMPLATE], DELETION_ROLE: bootstrap[DELETION_ROLE_OUTPUT]}
    deployed = stack.parameters if stack else {}
    role = {DELETION_ROLE: wanted[DELETION_ROLE]}
    if EXPIRES_AT in deployed and all(deployed.get(key) == value for key, value in wanted.items()):
        return {**role, EXPIRES_AT: deployed[EXPIRES_AT]}
    present = expiry(session, stack) if stack else None
    return {**role, EXPIRES_AT: iso(present or now(session) + _duration(env.ttl))}


def extend(env: Environment, session: Session, time: timedelta | datetime) -> Extension:
    """Put off the expiry of a deployed environment by a time, counted from the present expiry, or to a moment.

    Raises `ExpiryRefusal` when the environment has no expiry, has a later one already or would outlive a year, and
    `ExpiredRefusal` when its time is over.
    """
    check_account(env, session)
    found = session.cloudformation.stack(env.name)
    refuse_expired(env, found)
    stack = require_deployed(env, found, session.region)
    refuse_busy(env, stack)
    before = expiry(session, stack)
    if before is None:
        raise ExpiryRefusal(
            f"{env.name} does not delete itself, so there is nothing to put off.",
            next_step="Give it a ttl in the YAML and deploy, if it is to.",
        )
    if before <= now(session):
        raise ExpiredRefusal(
            f"{env.name} expired at {words(before)}; its deletion begins any moment.",
            next_step="Once it is gone, `windsock deploy` makes it anew.",
        )
    after, latest = before + time if isinstance(time, timedelta) else time, now(session) + LONGEST
    if after < before:
        raise ExpiryRefusal(
            f"{env.name} lives longer than that already, until {words(before)}; nothing was changed.",
            next_step="`windsock teardown` ends it now.",
        )
    if after > latest:
        raise ExpiryRefusal(
            f"That would keep {env.name} until {words(after)}, more than a year from now; nothing was changed.",
            why=f"It deletes itself at {words(before)}.",
            next_step=f"Extend it by {(latest - before).days}d at most, or remove ttl from the YAML and deploy.",
        )
    session.scheduler.move(schedule_name(env.name, EXPIRY), after)
    return Extension(before, after)


def refuse_expired(env: Environment, stack: Stack | None) -> None:
    """Raise `ExpiredRefusal` when an environment that deletes itself is being deleted."""
    if env.ttl is None or stack is None or not stack.status.startswith("DELETE_") or stack.status == "DELETE_COMPLETE":
        return
    expires_at = stack.parameters.get(EXPIRES_AT, "")
    raise ExpiredRefusal(
        f"{env.name} is being deleted: its stack is {stack.status}.",
        why=f"It was given {env.ttl} to live." if expires_at else "",
        next_step="Once it is gone, `windsock deploy` makes it anew.",
    )


@contextmanager
def explain_expiry(env: Environment, session: Session) -> Iterator[None]:
    """Say of a failure in the block that the environment's time is over, if that is why."""
    try:
        yield
    except Refusal as failure:
        if env.ttl is not None and not isinstance(failure, ExpiredRefusal):
            _blame_expiry(env, session, failure)
        raise


def _blame_expiry(env: Environment, session: Session, failure: Refusal) -> None:
    stack = session.cloudformation.stack(env.name)
    refuse_expired(env, stack)
    gone = stack is None or stack.status == "DELETE_COMPLETE"
    if gone and isinstance(failure, AwsRefusal | RolloutFailure):
        raise ExpiredRefusal(
            f"{env.name} was deleted meanwhile: it was given {env.ttl} to live.",
            next_step="`windsock deploy` makes it anew; a longer ttl would give it time.",
        ) from failure


def now(session: Session) -> datetime:
    """Return the present hour, to the second."""
    return datetime.fromtimestamp(int(session.clock.now()), UTC)


def iso(moment: datetime) -> str:
    """Return a moment as the schedule takes it."""
    return moment.astimezone(UTC).strftime(_FORM)


def words(moment: datetime) -> str:
    """Return a moment as people read it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def wall(moment: datetime) -> str:
    """Return a moment of office hours as people read it: by the week, in the time zone of the hours."""
    return f"{DAYS[moment.weekday()]} {moment:%H:%M} {moment.tzinfo}"


def _duration(ttl: str) -> timedelta:
    return read_duration(ttl) or LONGEST
