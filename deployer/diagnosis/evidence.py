"""All that a diagnosis knows of an environment, gathered once; causes are pure functions over it."""

from dataclasses import dataclass
from enum import Enum

from deployer.access.secrets import Listed
from deployer.account.quotas import Shortage
from deployer.account.service_linked_roles import ServiceLinkedRole
from deployer.aws.acm import Certificate
from deployer.health.drift import HandChange
from deployer.health.verify import Health
from deployer.releases.report import DagError
from spec.environment import Environment

ABSENT = "absent"
"""The status of a stack that is not there."""
DELETED = "deleted"
"""The state of a database instance that is not there."""


class Source(Enum):
    """Who said something, as it is shown."""

    CALL = "AWS"
    EVENT = "stack event"
    SERVICE = "ECS service"
    TASK = "ECS task"
    LOG = "log"


@dataclass(frozen=True)
class Statement:
    """Something that was said about a process or, in a stack event, about a logical path."""

    source: Source
    about: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What was seen of an environment; what is None or empty was not there, or could not be read.

    `stack` is the status of the root stack, and `failed` whether the last operation on it did. `closed` are rules of
    security groups that somebody revoked, `missing` resources that somebody deleted, both by logical path. `changed` is
    what CloudFormation has found to be changed by hand, where it was asked.
    `database` is the state of the instance. `unread` says what could not be read, and why.
    """

    env: Environment
    stack: str = ""
    failed: bool = False
    health: Health | None = None
    asleep: bool = False
    statements: tuple[Statement, ...] = ()
    closed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    changed: tuple[HandChange, ...] = ()
    secrets: tuple[Listed, ...] = ()
    database: str = ""
    certificate: Certificate | None = None
    resolves: bool = True
    shortages: tuple[Shortage, ...] = ()
    roles: tuple[ServiceLinkedRole, ...] = ()
    import_errors: tuple[DagError, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def complaints(self) -> tuple[str, ...]:
        """What is not as it should be now; nothing of what sleeps outside its office hours."""
        return self.health.complaints if self.health and not self.asleep else ()

    @property
    def troubled(self) -> bool:
        """Whether something does not work, so that what a process printed may say why."""
        return self.failed or self.health is None or bool(self.complaints)
