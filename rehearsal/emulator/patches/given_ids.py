"""A VPC or subnet that a template names by its id is there under that id."""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from ministack.services import ec2

from rehearsal.emulator.patches.rebinding import rebind, rebind_action
from rehearsal.emulator.rules.given_ids import GIVEN_ID

ACTIONS = {"CreateVpc": "_new_vpc_id", "CreateSubnet": "_new_subnet_id"}
"""The calls, and where MiniStack chooses the id."""

Answering = Callable[[dict[str, Any]], Any]
_wanted: ContextVar[str] = ContextVar("wanted", default="")
"""The id in the tag of the call that is being answered."""


def apply() -> None:
    """Let the tag choose the id; it is no tag of what is made."""
    for action, choose in ACTIONS.items():
        rebind(ec2, choose, _given, takes="")
        rebind_action(ec2, action, _answering)


def _given(choose: Callable[[], str]) -> Callable[[], str]:
    return lambda: _wanted.get() or choose()


def _answering(create: Answering) -> Answering:
    def create_under(request: dict[str, Any]) -> Any:
        key = next((key for key in request if key.endswith(".Key") and ec2._p(request, key) == GIVEN_ID), "")
        if not key:
            return create(request)
        token = _wanted.set(ec2._p(request, f"{key.removesuffix('Key')}Value"))
        try:
            answered = create(request)
            ec2._tags[_wanted.get()] = [one for one in ec2._tags[_wanted.get()] if one["Key"] != GIVEN_ID]
        finally:
            _wanted.reset(token)
        return answered

    return create_under
