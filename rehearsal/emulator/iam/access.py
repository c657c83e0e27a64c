"""What the parts of an emulator share to know who may do what: principals, decisions, and the answers for the guard."""

from dataclasses import dataclass

from botocore.credentials import Credentials
from ministack.core.responses import request_scope

from rehearsal.emulator.iam.authorizer import Authorizer
from rehearsal.emulator.iam.decisions import Decisions
from rehearsal.emulator.iam.principals import EMULATOR, Principals
from rehearsal.emulator.iam.state import MiniStackState
from rehearsal.emulator.iam.task_roles import TaskRole
from rehearsal.emulator.iam.usage import Usage
from rehearsal.emulator.rules.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Access:
    """Made once, when MiniStack can be imported."""

    settings: Settings
    principals: Principals
    decisions: Decisions
    authorizer: Authorizer

    @property
    def keys(self) -> Credentials:
        """The keys of the emulator's calls to itself."""
        return Credentials(EMULATOR, self.principals.secret_key)

    def vend(self, role: TaskRole) -> dict[str, str]:
        """Return new credentials of the role of a task."""
        with request_scope(self.settings.account, self.settings.region):
            return self.principals.open_session(role.arn, role.task)


def build(settings: Settings) -> Access:
    """Return the access of an emulator."""
    principals = Principals(settings)
    decisions = Decisions(settings=settings, used=Usage(settings.path))
    authorizer = Authorizer(settings, principals, decisions, MiniStackState())
    return Access(settings=settings, principals=principals, decisions=decisions, authorizer=authorizer)
