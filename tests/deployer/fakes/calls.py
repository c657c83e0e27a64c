"""Counts what the deployer asks of AWS, client by client."""

from collections import Counter
from dataclasses import fields
from typing import Any, cast

from deployer.aws.session import Session
from tests.deployer.fakes.session import FakeSession

CLIENTS = frozenset(field.name for field in fields(FakeSession)) - {"account", "caller", "patience", "region", "time"}


class CountedCalls:
    """A session in memory whose clients count each call as `client.method`."""

    def __init__(self, session: FakeSession) -> None:
        self.made: Counter[str] = Counter()
        self._session = session

    def __getattr__(self, name: str) -> Any:
        if name == "account":
            self.made["sts.account"] = 1  # the real session keeps the answer
        value = getattr(self._session, name)
        return _CountedClient(name, value, self.made) if name in CLIENTS else value

    @property
    def as_session(self) -> Session:
        """Return the same as what the deployer asks for."""
        return cast("Session", self)


class _CountedClient:
    def __init__(self, name: str, client: object, made: Counter[str]) -> None:
        self._name = name
        self._client = client
        self._made = made

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if not callable(attribute):
            return attribute

        def counted(*positional: Any, **named: Any) -> Any:
            self._made[f"{self._name}.{name}"] += 1
            return attribute(*positional, **named)

        return counted
