"""The logins `google` and `oidc`: people come from an identity provider, programs have a password."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from acceptance.logins.oidc_checks import (
    auth_of,
    pass_load_balancer,
    read_as_admin,
    sign_people_up,
    somebody_is_admin,
)
from acceptance.steps import StepRefusal, Steps
from compiler.contract import redirect_uris
from deployer.access.oauth_client import Client, ClientRefusal, set_client
from deployer.aws.session import Session
from rehearsal.clients.airflow_client import AirflowClient
from rehearsal.clients.oidc_provider import Identity, Provider
from rehearsal.images.emulator_image import identity_environment
from rehearsal.session.emulator_session import EmulatorSession
from spec.environment import Environment


@dataclass(frozen=True)
class IdentityProviderLogin:
    """Implements `acceptance.logins.kind.Login`."""

    env: Environment
    provider: Provider

    def prepare(self, session: Session, deploy: Callable[[], object], steps: Steps) -> None:
        """Deploy without an OAuth client, which must be refused; then register one for the addresses in the refusal."""
        with steps.step("client", "Deploying without an OAuth client, then storing one") as notes:
            try:
                deploy()
            except ClientRefusal:
                client = Client(*self.provider.register(*redirect_uris(self.env)))
                set_client(self.env, session, auth_of(self.env).client, client)
                notes.saw = f"refused; registered {', '.join(redirect_uris(self.env))}"
            else:
                raise StepRefusal("A deploy switched services on that nobody could log in to.")

    def pass_load_balancer(self, steps: Steps, explain: Callable[[], Iterable[str]]) -> Mapping[str, str]:
        """Log in at the load balancer; programs need no cookies where the REST API is left out of that."""
        if not self.env.web.load_balancer_auth:
            return {}
        cookies = pass_load_balancer(self.env, self.provider, steps, explain)
        return {} if self.env.web.ungated_api else cookies

    def log_in(self, client: AirflowClient, user: str, password: str) -> str:
        """Log in as a program at the REST API."""
        client.identify(user, password)
        return f"the REST API knows {user}"

    def check_people(self, steps: Steps, explain: Callable[[], Iterable[str]]) -> None:
        """Check that people are signed up as the YAML says."""
        sign_people_up(self.env, self.provider, steps, explain)

    def shows_plugins(self, _client: AirflowClient) -> bool:
        """Whether the YAML makes somebody Admin."""
        return somebody_is_admin(self.env)

    def read_page(self, _client: AirflowClient, path: str) -> str:
        """Read it in the browser of an Admin: the first user is a program."""
        return read_as_admin(self.env, self.provider, path)


@dataclass(frozen=True)
class IdentityProviderKind:
    """Implements `acceptance.logins.kind.LoginKind`."""

    def identity(self, env: Environment, cache: Path, /) -> Identity | None:
        """Return the provider with the issuer of the YAML, and with the endpoints that the load balancer uses."""
        auth = auth_of(env)
        endpoints = auth.endpoints if env.web.load_balancer_auth else None
        return Identity(identity_environment(cache), auth.issuer, endpoints.model_dump() if endpoints else {})

    def variables(self, emulator: EmulatorSession, /) -> Mapping[str, str]:
        """Return where the certificate of the rehearsal's own authority is."""
        return {"WINDSOCK_WEB_AUTHORITY": str(emulator.internet.authority)}

    def login(self, env: Environment, emulator: EmulatorSession, /) -> IdentityProviderLogin:
        """Return the login with the provider on the emulator's internet."""
        return IdentityProviderLogin(env, Provider(emulator.internet, auth_of(env).issuer))
