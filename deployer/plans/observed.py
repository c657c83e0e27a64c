"""What AWS says about an environment before anything is decided: read once, by `inspect`, and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from deployer.access.secrets import Listed
from deployer.account.quotas import Shortage
from deployer.account.service_linked_roles import ServiceLinkedRole
from deployer.aws.ecs import Service
from deployer.aws.stacks import Stack
from deployer.databases.dump_file import DumpFile
from deployer.health.drift import Drift
from deployer.record.deploy_state import NOTHING, DeployState
from deployer.record.owned_resources import OwnedResources, StackMember
from deployer.releases.manifest import Manifest
from deployer.releases.store import NO_POINTER, Pointer
from deployer.stacks.outputs import Outputs, read_outputs
from deployer.stacks.statuses import Action, action_of


@dataclass(frozen=True, kw_only=True)
class BootstrapStack:
    """The bootstrap stack as it is: `bucket` is empty where the templates bucket does not exist."""

    stack: Stack | None = None
    template: str = ""
    bucket: str = ""
    stored_templates: Mapping[str, str] = field(default_factory=dict)
    """The ETags of the environment's templates in the bucket, by key."""

    @property
    def outputs(self) -> Mapping[str, str]:
        """The outputs of the stack; none where it does not exist."""
        return self.stack.outputs if self.stack else {}


@dataclass(frozen=True, kw_only=True)
class ObservedClient:
    """The OAuth client: whether there is a secret for it, and whether somebody has filled it."""

    secret: bool = False
    filled: bool = False


@dataclass(frozen=True, kw_only=True)
class Observed:
    """An environment and its surroundings at one moment; what a verb does not need is not read.

    `root_template` and `nested_templates` are those that are deployed, of the nested ones only those that differ from
    the new ones. `never_came_up` says that the creation of the root stack failed. `teardown_note` is what a teardown
    that has not come to its end owns. `zones` are those of the subnets, in a region that lacks Fargate in some zones.
    `code` maps paths in the code bucket to MD5, and those in `kept_code` must stay. `pointer` says which release is
    current, `released` what is noted of it unless that is the code at hand, `reported` that containers have told what
    Airflow made of some release. `shut_out` says that the deployed `code.pushers` keep the caller from all of that.
    `secrets` are those that the YAML names. `missing_roles` are the service-linked roles that a first deploy needs and
    the account lacks, `shortages` the quotas without room for it. `network_faults` are why the network does not fit,
    `key_faults` why keys do not, `moment_faults` why backups do not reach the moment that a new database begins with.
    `dump` is what the new database is still to begin with.
    `missing` is what somebody deleted by hand, `restorable` which of it are secrets that only wait for their deletion,
    `put_back` the ids of rules that they made in the place of others, `drift` what they changed in the stacks that are
    to change. `alarm` is when that of an environment with `when: due` rings,
    `page_shown` whether browsers are told that the environment sleeps.
    `members` are the resources of the stacks that a teardown would delete, `owned` what it does with some of them.
    Where there is nothing of the environment, `others` are there.
    """

    account: str
    region: str
    now: datetime
    stack: Stack | None = None
    never_came_up: bool = False
    bootstrap: BootstrapStack = field(default_factory=BootstrapStack)
    root_template: str = ""
    nested_templates: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    teardown_note: OwnedResources | None = None
    state: DeployState = NOTHING
    zones: tuple[str, ...] = ()
    code: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    kept_code: frozenset[str] = frozenset()
    pointer: Pointer = NO_POINTER
    released: Manifest | None = None
    reported: bool = False
    shut_out: bool = False
    services: tuple[Service, ...] = ()
    database_asleep: bool = False
    page_shown: bool = False
    alarm: datetime | None = None
    client: ObservedClient | None = None
    secrets: tuple[Listed, ...] = ()
    missing_roles: tuple[ServiceLinkedRole, ...] = ()
    shortages: tuple[Shortage, ...] = ()
    network_faults: tuple[str, ...] = ()
    dump: DumpFile | None = None
    key_faults: tuple[str, ...] = ()
    moment_faults: tuple[str, ...] = ()
    members: tuple[StackMember, ...] = ()
    owned: OwnedResources = field(default_factory=OwnedResources)
    others: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    restorable: tuple[str, ...] = ()
    put_back: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    drift: Drift = field(default_factory=Drift)

    @property
    def deployed(self) -> Stack | None:
        """The root stack where it is there to be updated; None where it is to be created."""
        return self.stack if action_of(self.stack) is Action.UPDATE else None

    @property
    def airflow_services(self) -> tuple[Service, ...]:
        """The services without that of a database."""
        database = self.outputs.database_service if self.outputs else ""
        return tuple(service for service in self.services if service.name != database)

    @property
    def outputs(self) -> Outputs | None:
        """The outputs of the root stack, once it has some."""
        return read_outputs(self.stack) if self.stack and self.stack.outputs else None
