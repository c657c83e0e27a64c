"""Reads AWS for a diagnosis: what is refused is noted, and the rest is still read."""

from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar

from deployer.aws.errors import AwsRefusal
from deployer.diagnosis.evidence import Source, Statement

Given = ParamSpec("Given")
Seen = TypeVar("Seen")


class Reader:
    """Makes calls that may be refused, and keeps what was said then."""

    def __init__(self) -> None:
        self.unread: list[str] = []
        self.refusals: list[Statement] = []

    def one(self, what: str, look: Callable[Given, Seen], *given: Given.args, **named: Given.kwargs) -> Seen | None:
        """Return what a call sees, None where AWS refuses it; `what` names it in a sentence."""
        try:
            return look(*given, **named)
        except AwsRefusal as error:
            self.unread.append(f"{what}: {error.why or error.what}")
            self.refusals.append(refused(what, error))
            return None

    def several(
        self, what: str, look: Callable[Given, Iterable[Seen]], *given: Given.args, **named: Given.kwargs
    ) -> tuple[Seen, ...]:
        """Return all that a call yields, nothing where AWS refuses it."""
        return self.one(what, lambda: tuple(look(*given, **named))) or ()


def refused(what: str, error: AwsRefusal) -> Statement:
    """Return what AWS said as a statement, with its code."""
    return Statement(Source.CALL, what, f"{error.code} {error.what} {error.why}".strip())
