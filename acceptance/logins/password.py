"""The login `password`: people and programs use Airflow's own form."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from acceptance.steps import Steps
from deployer.aws.session import Session
from rehearsal.clients.airflow_client import AirflowClient
from rehearsal.clients.oidc_provider import Identity
from rehearsal.session.emulator_session import EmulatorSession
from spec.environment import Environment


@dataclass(frozen=True)
class PasswordLogin:
    """Implements `acceptance.logins.kind.Login`; the first user is an Admin, and there is nobody else."""

    shows_plugins: bool = True

    def prepare(self, _session: Session, _deploy: Callable[[], object], _steps: Steps) -> None:
        """Do nothing: the password is generated."""

    def pass_load_balancer(self, _steps: Steps, _explain: Callable[[], Iterable[str]]) -> Mapping[str, str]:
        """Return no cookies: a load balancer cannot ask for a password."""
        return {}

    def log_in(self, client: AirflowClient, user: str, password: str) -> str:
        """Fill in the form."""
        client.login(user, password)
        return f"logged in as {user}"

    def check_people(self, _steps: Steps, _explain: Callable[[], Iterable[str]]) -> None:
        """Check nothing: nobody can sign up."""

    def read_page(self, client: AirflowClient, path: str) -> str:
        """Read it as the first user."""
        return client.page(path)


@dataclass(frozen=True)
class PasswordKind:
    """Implements `acceptance.logins.kind.LoginKind`."""

    def identity(self, _env: Environment, _cache: Path, /) -> Identity | None:
        """Return none."""
        return None

    def variables(self, _emulator: EmulatorSession, /) -> Mapping[str, str]:
        """Return none: the site is reached without a proxy."""
        return {}

    def login(self, _env: Environment, _emulator: EmulatorSession, /) -> PasswordLogin:
        """Return the login."""
        return PasswordLogin()
