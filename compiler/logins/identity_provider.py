"""The logins `google` and `oidc`: people log in at an identity provider, with an OAuth client that a secret holds."""

import json
from collections.abc import Mapping
from typing import Any

from troposphere import GetAtt, Sub
from troposphere.elasticloadbalancingv2 import ListenerRuleAction, ListenerRuleAuthenticateOidcConfig
from troposphere.secretsmanager import GenerateSecretString, Secret

from compiler.contract import CLIENT_KEYS, PLACEHOLDER, client_secret_name
from compiler.errors import CompileError
from compiler.logins.kind import ContainerSettings
from compiler.model import stack_values as values
from compiler.model.kind import OfSection
from compiler.model.stack import DELETE, StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.containers import secret_part
from spec.environment import Environment
from spec.releases.airflow_options import Config
from spec.sections.auth import SignUp

PREFIX = "WINDSOCK_AUTH_"
"""With this begin the variables that `runtime/identity.py` reads."""

PLACEHOLDER_LENGTH = 16
SESSION_SECONDS = 43200  # half a day: who left in the evening logs in anew


class IdentityProviderLogin(OfSection[SignUp]):
    """People log in at an identity provider; programs log in with a password of their own."""

    secrets: tuple[StackValue, ...] = (values.OAUTH_CLIENT,)

    @property
    def options(self) -> Config:
        """Options with which programs log in to the REST API."""
        return self.env.airflow.release.web.machine_login

    def settings(self, stack: StackBuilder) -> ContainerSettings:
        """Return how people log in, and the client."""
        client = {f"{PREFIX}{key.upper()}": secret_part(stack, values.OAUTH_CLIENT, key) for key in CLIENT_KEYS}
        return ContainerSettings(login_variables(self.env, self.section), client)

    def version(self, stack: StackBuilder) -> Mapping[str, Any]:
        """Return the version of the client: a new one replaces the web server, which reads the client at its start."""
        return {f"{PREFIX}CLIENT_VERSION": stack.parameter(values.OAUTH_VERSION)}

    def add_secrets(self, stack: StackBuilder) -> None:
        """Add the secret of the OAuth client, which holds nothing until a user fills it.

        What fills it is the identity provider's to keep: the secret is a copy, so it goes with its stack in any case.
        """
        empty = GenerateSecretString(
            PasswordLength=PLACEHOLDER_LENGTH,
            ExcludePunctuation=True,
            SecretStringTemplate=json.dumps(dict.fromkeys(CLIENT_KEYS, "")),
            GenerateStringKey=PLACEHOLDER,
        )
        secret = stack.add(
            Secret(
                values.OAUTH_CLIENT.title,
                Name=client_secret_name(self.env),  # `windsock secrets set` fills it by this name
                Description=f"{self.env.name}: the OAuth client, filled by windsock secrets set",
                GenerateSecretString=empty,
                **DELETE,
            ),
            "The OAuth client with which people log in",
        )
        stack.output(values.OAUTH_CLIENT, GetAtt(secret, "Id"))

    def alb_auth(self, stack: StackBuilder) -> ListenerRuleAction:
        """Return the action that sends people to the identity provider before anything of Airflow answers them."""
        if self.section.endpoints is None:
            raise CompileError(
                "The load balancer has no addresses of the identity provider", next_step="spec/ refuses that."
            )
        client = f"{{{{resolve:secretsmanager:${{{stack.parameter(values.OAUTH_CLIENT).data['Ref']}}}:SecretString:"
        version = stack.parameter(values.OAUTH_VERSION).data["Ref"]
        config = ListenerRuleAuthenticateOidcConfig(
            Issuer=self.section.issuer,
            AuthorizationEndpoint=self.section.endpoints.authorization,
            TokenEndpoint=self.section.endpoints.token,
            UserInfoEndpoint=self.section.endpoints.user_info,
            ClientId=Sub(f"{client}client_id}}}}"),
            ClientSecret=Sub(f"{client}client_secret}}}}"),
            Scope="openid email",
            # A new client is a new cookie: CloudFormation reads the secret anew, and old sessions end.
            SessionCookieName=Sub(f"windsock-${{{version}}}"),
            SessionTimeout=SESSION_SECONDS,
            OnUnauthenticatedRequest="authenticate",
        )
        return ListenerRuleAction(Type="authenticate-oidc", Order=1, AuthenticateOidcConfig=config)


def login_variables(env: Environment, auth: SignUp) -> dict[str, str]:
    """Return what `runtime/identity.py` reads: how people log in, but for the client."""
    settings = {
        "KIND": auth.kind,
        "ISSUER": auth.issuer,
        "ALLOWED_DOMAINS": ",".join(auth.allowed_domains),
        "DEFAULT_ROLE": auth.default_role,
        "ADMINS": ",".join(auth.admins),
        "MACHINE": auth.machine.username,
        "SECURITY_MANAGER": env.airflow.release.web.security_manager,
        **auth.trust,
    }
    if auth.roles:
        settings |= {
            "ROLES_CLAIM": auth.roles.claim,
            "ROLES_MAP": json.dumps(auth.roles.map),
            "ROLES_SYNC": str(auth.roles.sync),
        }
    return {f"{PREFIX}{key}": value for key, value in settings.items()}
