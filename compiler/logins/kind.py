"""What the compiler asks of every kind of login."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from troposphere.elasticloadbalancingv2 import ListenerRuleAction

from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from spec.releases.airflow_options import Config


class ContainerSettings(NamedTuple):
    """Variables and secrets of a container, by their names in its environment."""

    variables: Mapping[str, Any] = MappingProxyType({})
    secrets: Mapping[str, Any] = MappingProxyType({})


class LoginKind(Protocol):
    """One kind of login: what it adds to the containers, the secrets and the load balancer."""

    @property
    def secrets(self) -> tuple[StackValue, ...]:
        """The secrets that containers read for its sake."""
        ...

    @property
    def options(self) -> Config:
        """Options of airflow.cfg that it needs."""
        ...

    def settings(self, stack: StackBuilder) -> ContainerSettings:
        """Return what a container needs that reads webserver_config.py."""
        ...

    def version(self, stack: StackBuilder) -> Mapping[str, Any]:
        """Return variables that change when the web server must start anew, to read its secrets again."""
        ...

    def add_secrets(self, stack: StackBuilder) -> None:
        """Add its secrets to the stack of the secrets."""
        ...

    def alb_auth(self, stack: StackBuilder) -> ListenerRuleAction | None:
        """Return how the load balancer asks who somebody is before it lets requests through; None if it cannot."""
        ...
