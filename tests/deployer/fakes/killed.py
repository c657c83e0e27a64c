"""Ends a run at one of its calls to AWS, as the death of its process would."""

from typing import Any, cast

from deployer.aws.session import Session
from tests.deployer.fakes.calls import CLIENTS
from tests.deployer.fakes.session import FakeSession


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


class KilledAt:
    """A session in memory whose process ends after AWS has answered call number `at`; never for 0.

    An end before a call is one after the call before it: only calls change AWS.
    """

    def __init__(self, session: FakeSession, at: int) -> None:
        self.made: list[str] = []
        self._session, self._at = session, at

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._session, name)
        return _Client(name, value, self) if name in CLIENTS else value

    @property
    def as_session(self) -> Session:
        """Return the same as what the deployer asks for."""
        return cast("Session", self)

    def call(self, name: str, method: Any, positional: Any, named: Any) -> Any:
        """Make a call, or end here."""
        self.made.append(name)
        answer = method(*positional, **named)
        if len(self.made) == self._at:
            raise Killed(name)
        return answer


class _Client:
    def __init__(self, name: str, client: object, session: KilledAt) -> None:
        self._name, self._client, self._of = name, client, session

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if not callable(attribute):
            return attribute
        return lambda *positional, **named: self._of.call(f"{self._name}.{name}", attribute, positional, named)
