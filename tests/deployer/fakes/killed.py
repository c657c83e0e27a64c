"""Lets one call to AWS go wrong: the process ends at it, its answer is lost, or AWS refuses it."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

from deployer.aws.errors import NO_ANSWER, AwsRefusal, CredentialsRefusal
from deployer.aws.session import Session
from tests.deployer.fakes.calls import CLIENTS
from tests.deployer.fakes.session import FakeSession


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


@dataclass(frozen=True)
class _Ending:
    """Whether AWS does what it is asked for, and what the caller has instead of an answer."""

    done: bool
    error: BaseException


def _refused(code: str, *, done: bool = False) -> _Ending:
    return _Ending(done, AwsRefusal(f"AWS says {code}.", code=code))


class Fault(Enum):
    """What goes wrong with a call, after every patience of the real session has ended."""

    DIES_BEFORE = _Ending(done=False, error=Killed("before the call"))
    DIES_AFTER = _Ending(done=True, error=Killed("after the call"))
    ANSWER_IS_LOST = _refused(NO_ANSWER, done=True)
    IS_THROTTLED = _refused("ThrottlingException")
    AWS_IS_BROKEN = _refused("500")
    IS_DENIED = _refused("AccessDenied")
    TOKEN_EXPIRED = _Ending(
        done=False, error=CredentialsRefusal("The AWS credentials have expired.", code="ExpiredToken")
    )


class KilledAt:
    """A session in memory whose call number `at` goes wrong; never for 0. By default its process ends after it."""

    def __init__(self, session: FakeSession, at: int, fault: Fault = Fault.DIES_AFTER) -> None:
        self.made: list[str] = []
        self._session, self._at, self._ending = session, at, fault.value

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._session, name)
        return _Client(name, value, self) if name in CLIENTS else value

    @property
    def as_session(self) -> Session:
        """Return the same as what the deployer asks for."""
        return cast("Session", self)

    def call(self, name: str, method: Any, positional: Any, named: Any) -> Any:
        """Make a call, or let it go wrong."""
        self.made.append(name)
        struck = len(self.made) == self._at
        if struck and not self._ending.done:
            raise self._ending.error
        answer = method(*positional, **named)
        if struck:
            raise self._ending.error
        return answer


class _Client:
    def __init__(self, name: str, client: object, session: KilledAt) -> None:
        self._name, self._client, self._of = name, client, session

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if not callable(attribute):
            return attribute
        return lambda *positional, **named: self._of.call(f"{self._name}.{name}", attribute, positional, named)
