"""The step that creates the service-linked roles that a new account lacks."""

from dataclasses import dataclass
from typing import ClassVar

from deployer.account.service_linked_roles import ServiceLinkedRole, create_roles
from deployer.steps.step import Context, Facts, Need


@dataclass(frozen=True, kw_only=True)
class CreateServiceLinkedRoles:
    """Create the roles; they belong to the account, and a teardown leaves them."""

    name: ClassVar[str] = "roles"
    need: ClassVar[Need] = Need.YES
    reason: str
    roles: tuple[ServiceLinkedRole, ...]

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Create them long before the cluster: it needs its role to have arrived everywhere."""
        context.progress.phase(self.name, ", ".join(role.name for role in self.roles))
        create_roles(context.session, self.roles)
        return facts
