"""The login `password`: Airflow's own database knows everybody, so it needs nothing of AWS."""

from collections.abc import Mapping
from typing import Any

from compiler.logins.kind import ContainerSettings
from compiler.model.kind import OfSection
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from spec.releases.airflow_options import Config
from spec.sections.auth import Password


class PasswordLogin(OfSection[Password]):
    """People log in with a password that Airflow keeps."""

    @property
    def secrets(self) -> tuple[StackValue, ...]:
        """No secrets."""
        return ()

    @property
    def options(self) -> Config:
        """No options."""
        return {}

    def settings(self, _stack: StackBuilder) -> ContainerSettings:
        """Return nothing."""
        return ContainerSettings()

    def version(self, _stack: StackBuilder) -> Mapping[str, Any]:
        """Return nothing: the web server reads no secret for its sake."""
        return {}

    def add_secrets(self, _stack: StackBuilder) -> None:
        """Add nothing."""

    def alb_auth(self, _stack: StackBuilder) -> None:
        """Return nothing: a load balancer knows no passwords."""
        return
