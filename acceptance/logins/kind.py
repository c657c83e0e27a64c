"""What a rehearsal asks of every kind of login."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from acceptance.steps import Steps
from deployer.aws.session import Session
from rehearsal.clients.airflow_client import AirflowClient
from rehearsal.clients.oidc_provider import Identity
from rehearsal.session.emulator_session import EmulatorSession
from spec.environment import Environment


class Login(Protocol):
    """The login of one environment in a running emulator."""

    def prepare(self, session: Session, deploy: Callable[[], object], steps: Steps) -> None:
        """Do what must be done before a deploy can switch services on."""

    def pass_load_balancer(self, steps: Steps, explain: Callable[[], Iterable[str]]) -> Mapping[str, str]:
        """Log in at the load balancer where it asks for that; return the cookies that the REST API needs from it."""
        ...

    def log_in(self, client: AirflowClient, user: str, password: str) -> str:
        """Log a client in as the first user; return what was seen."""
        ...

    def check_people(self, steps: Steps, explain: Callable[[], Iterable[str]]) -> None:
        """Check who else may log in, and with which role."""

    def shows_plugins(self, client: AirflowClient) -> bool:
        """Whether an Admin can open pages, the only role that sees those of plugins."""
        ...

    def read_page(self, client: AirflowClient, path: str) -> str:
        """Return the text of a page that only an Admin sees."""
        ...


class LoginKind(Protocol):
    """One kind of login."""

    def identity(self, env: Environment, cache: Path, /) -> Identity | None:
        """Return the identity provider that the emulator must run, built below `cache` if it is missing."""
        ...

    def variables(self, emulator: EmulatorSession, /) -> Mapping[str, str]:
        """Return the variables that a browser of a kept rehearsal needs."""
        ...

    def login(self, env: Environment, emulator: EmulatorSession, /) -> Login:
        """Return the login of an environment."""
        ...
