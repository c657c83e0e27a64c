"""The login `password`: people and programs use Airflow's own form."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from acceptance.steps import StepRefusal, Steps
from deployer.aws.session import Session
from rehearsal.clients.airflow_client import AirflowClient, AirflowClientFailure
from rehearsal.clients.oidc_provider import Identity
from rehearsal.session.emulator_session import EmulatorSession
from spec.environment import Environment

_CLOSED = (401, 403)


@dataclass(frozen=True)
class PasswordLogin:
    """Implements `acceptance.logins.kind.Login`; the first user is an Admin, and there is nobody else."""

    env: Environment

    def prepare(self, _session: Session, _deploy: Callable[[], object], _steps: Steps) -> None:
        """Do nothing: the password is generated."""

    def pass_load_balancer(self, _steps: Steps, _explain: Callable[[], Iterable[str]]) -> Mapping[str, str]:
        """Return no cookies: a load balancer cannot ask for a password."""
        return {}

    def log_in(self, client: AirflowClient, user: str, password: str) -> str:
        """Fill in the form; where webserver_config.py lets people log in elsewhere, log in as a program."""
        client.login(user, password)
        if client.opens_pages:
            return f"logged in as {user}"
        try:
            client.dags()
        except AirflowClientFailure as failure:
            if failure.status not in _CLOSED:
                raise
            raise self._closed() from failure
        return f"people log in elsewhere, as webserver_config.py says; the REST API knows {user}"

    def _closed(self) -> StepRefusal:
        options = json.dumps(self.env.airflow.release.web.machine_login)
        return StepRefusal(
            "The REST API takes no password, and people log in elsewhere, as webserver_config.py says.",
            why="A rehearsal has nobody who could log in there.",
            next_step=f"Let programs log in with a password: airflow: {{config: {options}}}.",
        )

    def shows_plugins(self, client: AirflowClient) -> bool:
        """Whether the form has let the first user in, who is an Admin."""
        return client.opens_pages

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

    def login(self, env: Environment, _emulator: EmulatorSession, /) -> PasswordLogin:
        """Return the login."""
        return PasswordLogin(env)
