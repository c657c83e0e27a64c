"""A whole AWS in memory behind the session that the deployer takes."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from compiler.contract import CURRENT_RELEASE, RELEASE_REPORT
from deployer.account.service_linked_roles import ROLES
from deployer.aws.acm import Certificate
from deployer.aws.ec2 import SecurityRule, SubnetFacts, VpcFacts
from deployer.aws.errors import AwsRefusal
from deployer.aws.inventory import Kind
from deployer.aws.load_balancer import Rule, Target
from deployer.aws.logs import LogLine
from deployer.aws.patience import Patience
from deployer.aws.polling import Clock
from deployer.aws.rds import RestoreWindow, Snapshot
from deployer.aws.s3 import NO_BUCKET, HeldObject, StoredObject
from deployer.aws.secrets_manager import Found, Held
from deployer.aws.session import Session
from deployer.progress import StackEvent
from deployer.release.airflow_home import CodeFile
from tests.deployer.fakes.cloudformation import FakeCloudFormation
from tests.deployer.fakes.ecs import FakeEcs
from tests.deployer.fakes.exec_sessions import FakeExecSessions

ACCOUNT = "123456789012"


@dataclass
class FakeTime:
    """A clock that only moves when somebody sleeps."""

    seconds: float = 1_000_000.0

    def now(self) -> float:
        """Return the hour."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds


@dataclass(kw_only=True)
class FakeS3:
    """Buckets in memory; `puts` lists what was stored, `replaced` what was under a condition, in order.

    `parses` says that a DAG processor reads each release as soon as it is current.
    """

    buckets: dict[str, dict[str, bytes]] = field(default_factory=dict)
    puts: list[str] = field(default_factory=list)
    written: dict[str, float] = field(default_factory=dict)
    now: Callable[[], float] = lambda: 0.0
    replaced: list[str] = field(default_factory=list)
    before_replace: Callable[[str], None] = lambda _key: None
    parses: bool = False

    def objects(self, bucket: str, prefix: str = "") -> tuple[StoredObject, ...]:
        """Mirror the real client."""
        if bucket not in self.buckets:
            raise AwsRefusal("There is no such bucket.", code=NO_BUCKET)
        held = self.buckets[bucket]
        return tuple(
            StoredObject(key, CodeFile(key, body).md5, len(body))
            for key, body in sorted(held.items())
            if key.startswith(prefix)
        )

    def exists(self, bucket: str) -> bool:
        """Mirror the real client."""
        return bucket in self.buckets

    def get(self, bucket: str, key: str) -> bytes | None:
        """Mirror the real client."""
        return self.buckets.get(bucket, {}).get(key)

    def held(self, bucket: str, key: str) -> HeldObject | None:
        """Mirror the real client."""
        body = self.get(bucket, key)
        age = self.now() - self.written.get(key, 0.0)
        return HeldObject(body=body, etag=CodeFile(key, body).md5, age=age) if body is not None else None

    def replace(self, bucket: str, key: str, body: bytes, *, etag: str) -> str | None:
        """Mirror the real client; whoever writes between a look and this call is faster."""
        self.before_replace(key)
        held = self.held(bucket, key)
        if (held.etag if held else "") != etag:
            return None
        self.replaced.append(key)
        self.buckets.setdefault(bucket, {})[key] = body
        self.written[key] = self.now()
        if self.parses and key == CURRENT_RELEASE:
            report = {
                "version": json.loads(body)["moves"][0]["version"],
                "parsed": True,
                "errors": [],
                "runs": {},
                "at": "",
            }
            self.buckets[bucket][RELEASE_REPORT] = json.dumps(report).encode()
        return CodeFile(key, body).md5

    def put(self, bucket: str, key: str, body: bytes) -> None:
        """Mirror the real client."""
        self.puts.append(key)
        self.buckets.setdefault(bucket, {})[key] = body

    def upload(self, bucket: str, key: str, file: Path) -> None:
        """Mirror the real client."""
        self.put(bucket, key, file.read_bytes())

    def delete(self, bucket: str, keys: Sequence[str]) -> None:
        """Mirror the real client."""
        for key in list(keys):
            del self.buckets[bucket][key]

    def purge(self, bucket: str, prefix: str = "") -> int:
        """Mirror the real client."""
        doomed = [key for key in self.buckets[bucket] if key.startswith(prefix)]
        self.delete(bucket, doomed)
        return len(doomed)

    def is_empty(self, bucket: str) -> bool:
        """Mirror the real client."""
        return not self.buckets.get(bucket)


@dataclass(kw_only=True)
class FakeLogs:
    """Log groups in memory: names, and the lines of each stream."""

    names: list[str] = field(default_factory=list)
    streams: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    written: list[LogLine] = field(default_factory=list)
    days: dict[str, int] = field(default_factory=dict)

    def tail(self, group: str, stream: str, lines: int) -> tuple[str, ...]:
        """Mirror the real client."""
        return self.streams.get((group, stream), ())[-lines:]

    def lines(self, _group: str, since: float) -> Iterator[LogLine]:
        """Mirror the real client."""
        return iter([line for line in self.written if line.time >= since])

    def groups(self, prefix: str) -> tuple[str, ...]:
        """Mirror the real client."""
        return tuple(name for name in self.names if name.startswith(prefix))

    def limit(self, prefix: str, days: int) -> None:
        """Mirror the real client."""
        self.days |= dict.fromkeys(self.groups(prefix), days)

    def delete_group(self, group: str) -> bool:
        """Mirror the real client."""
        if group not in self.names:
            return False
        self.names.remove(group)
        return True


@dataclass
class FakeEcr:
    """Repositories in memory: digests by tag."""

    images: dict[str, str] = field(default_factory=dict)
    emptied: list[str] = field(default_factory=list)

    def empty(self, repository: str) -> int:
        """Mirror the real client."""
        self.emptied.append(repository)
        count = len(self.images)
        self.images.clear()
        return count


@dataclass(kw_only=True)
class FakeLoadBalancer:
    """One target group, the load balancers that are protected, and the rules by which browsers are told of a sleep."""

    state: str = "healthy"
    told: set[str] = field(default_factory=set)
    protected: set[str] = field(default_factory=set)
    at_listener: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)

    def rules(self, listener: str) -> tuple[Rule, ...]:
        """Mirror the real client."""
        return self.at_listener.get(listener, ())

    def targets(self, _group: str) -> tuple[Target, ...]:
        """Mirror the real client."""
        return (Target("10.0.0.4:8080", self.state, ""),)

    def shows_page(self, rule: str) -> bool:
        """Mirror the real client."""
        return rule in self.told

    def take_page_away(self, rule: str) -> None:
        """Mirror the real client."""
        self.told.discard(rule)

    def unprotect(self, balancer: str) -> None:
        """Mirror the real client."""
        self.protected.discard(balancer)


@dataclass(kw_only=True)
class FakeRds:
    """Snapshots by instance, the states of instances that are not available, and the instances that are protected."""

    taken: dict[str, tuple[Snapshot, ...]] = field(default_factory=dict)
    states: dict[str, list[str]] = field(default_factory=dict)
    started: list[str] = field(default_factory=list)
    protected: set[str] = field(default_factory=set)
    begun: dict[str, str] = field(default_factory=dict)
    """The states of snapshots, by name."""
    windows: dict[str, RestoreWindow] = field(default_factory=dict)
    """What the backups of instances reach, by their resource ids."""

    def resource_id(self, instance: str) -> str:
        """Mirror the real client."""
        return f"db-{instance.replace('-', '').upper()}"

    def restore_window(self, resource_id: str) -> RestoreWindow | None:
        """Mirror the real client."""
        return self.windows.get(resource_id)

    def take_snapshot(self, instance: str, name: str, tags: Mapping[str, str]) -> None:  # noqa: ARG002  # as the real client
        """Mirror the real client: it is complete at the next look."""
        self.begun.setdefault(name, "available")

    def snapshot_state(self, name: str) -> str:
        """Mirror the real client."""
        return self.begun.get(name, "")

    def state(self, instance: str) -> str:
        """Mirror the real client; the states that were set come one after the other."""
        coming = self.states.get(instance, [])
        return coming.pop(0) if coming else "available"

    def start(self, instance: str) -> None:
        """Mirror the real client."""
        self.started.append(instance)

    def is_protected(self, instance: str) -> bool:
        """Mirror the real client."""
        return instance in self.protected

    def unprotect(self, instance: str) -> None:
        """Mirror the real client: only an available instance can be modified."""
        if self.state(instance) == "available":
            self.protected.discard(instance)

    def snapshots(self, instance: str) -> tuple[Snapshot, ...]:
        """Mirror the real client."""
        return self.taken.get(instance, ())


@dataclass(kw_only=True)
class FakeSecrets:
    """Secrets by ARN; `reads` lists the ones that were read."""

    values: dict[str, str] = field(default_factory=dict)
    reads: list[str] = field(default_factory=list)
    tags: dict[str, Mapping[str, str]] = field(default_factory=dict)
    ends: dict[str, datetime] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def read(self, arn: str) -> str:
        """Mirror the real client."""
        self.reads.append(arn)
        return self.values[arn]

    def held(self, name: str) -> Held | None:
        """Mirror the real client; a new value is a new version."""
        return Held(f"v{abs(hash(self.values[name]))}", self.values[name]) if name in self.values else None

    def fill(self, name: str, value: str) -> None:
        """Mirror the real client."""
        self.values[name] = value

    def find(self, name: str) -> Found | None:
        """Mirror the real client."""
        if name not in self.values:
            return None
        version = f"v{abs(hash(self.values[name]))}"
        return Found(name=name, version=version, ends=self.ends.get(name), tags=self.tags.get(name, {}))

    def below(self, prefix: str) -> tuple[str, ...]:
        """Mirror the real client."""
        return tuple(sorted(name for name in self.values if name.startswith(prefix) and name not in self.ends))

    def create(self, name: str, value: str, description: str, tags: Mapping[str, str], *, key: str = "") -> None:  # noqa: ARG002  # as the real client
        """Mirror the real client."""
        self.values[name], self.tags[name], self.keys[name] = value, tags, key

    def restore(self, name: str) -> None:
        """Mirror the real client."""
        del self.ends[name]

    def delete(self, name: str, days: int) -> datetime:
        """Mirror the real client; the days are counted from a day of long ago."""
        self.ends[name] = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days)
        return self.ends[name]


@dataclass(kw_only=True)
class FakeParameters:
    """Parameters by name; `writes` lists which were written, in order, and `written` with what."""

    values: dict[str, str] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    before_write: Callable[[str], None] = lambda _name: None

    def read(self, name: str) -> str | None:
        """Mirror the real client."""
        return self.values.get(name)

    def versions(self, names: Sequence[str]) -> Mapping[str, int]:
        """Mirror the real client; a new value is a new version."""
        return {name: abs(hash(self.values[name])) for name in names if name in self.values}

    def write(self, name: str, value: str) -> None:
        """Mirror the real client."""
        self.before_write(name)
        if name in self.values:
            self.writes.append(name)
            self.written.append(value)
            self.values[name] = value


@dataclass
class FakeScheduler:
    """The starts of schedules by name, and what they say about themselves."""

    starts: dict[str, datetime] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def start(self, name: str) -> datetime | None:
        """Mirror the real client."""
        return self.starts.get(name)

    def description(self, name: str) -> str:
        """Mirror the real client."""
        return self.said.get(name, "")

    def move(self, name: str, start: datetime) -> None:
        """Mirror the real client."""
        self.starts[name] = start


@dataclass
class FakeAcm:
    """The certificates by ARN."""

    held: dict[str, Certificate] = field(default_factory=dict)

    def certificate(self, arn: str) -> Certificate:
        """Mirror the real client."""
        return self.held.get(arn, Certificate(arn=arn, state="absent"))


@dataclass(kw_only=True)
class FakeKms:
    """Keys by ARN: their states and policies; it refuses the calls that it `denies`."""

    states: dict[str, str] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    denies: frozenset[str] = frozenset()

    def state(self, arn: str) -> str:
        """Mirror the real client."""
        self._refuse("state")
        return self.states.get(arn, "absent")

    def policy(self, arn: str) -> str:
        """Mirror the real client."""
        self._refuse("policy")
        return self.policies[arn]

    def _refuse(self, call: str) -> None:
        if call in self.denies:
            raise AwsRefusal("denied", code="AccessDeniedException")


@dataclass(kw_only=True)
class FakeEc2:
    """Zones by their ids, the zones of subnets, the rules of groups by their ids, and networks that are there."""

    names: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    there: dict[str, SecurityRule] = field(default_factory=dict)
    vpcs: dict[str, VpcFacts] = field(default_factory=dict)
    placed: dict[str, SubnetFacts] = field(default_factory=dict)
    blocks: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def zones(self) -> Mapping[str, str]:
        """Mirror the real client."""
        return self.names

    def zones_of(self, subnets: Sequence[str]) -> tuple[str, ...]:
        """Mirror the real client."""
        return tuple(self.places[subnet] for subnet in subnets)

    def rules(self, _groups: Sequence[str]) -> Mapping[str, SecurityRule]:
        """Mirror the real client."""
        return self.there

    def vpc(self, identity: str) -> VpcFacts | None:
        """Mirror the real client."""
        return self.vpcs.get(identity)

    def vpc_blocks(self) -> Mapping[str, tuple[str, ...]]:
        """Mirror the real client."""
        return self.blocks

    def subnets(self, identities: Sequence[str]) -> Mapping[str, SubnetFacts]:
        """Mirror the real client."""
        return {identity: self.placed[identity] for identity in identities if identity in self.placed}


@dataclass
class FakeIam:
    """The names of roles; `created` are the services whose roles were created, in order.

    As many looks as `late` says miss a role that there is.
    """

    roles: set[str] = field(default_factory=lambda: {role.name for role in ROLES.values()})
    created: list[str] = field(default_factory=list)
    late: int = 0

    def has_role(self, name: str) -> bool:
        """Mirror the real client."""
        if name in self.roles and self.late:
            self.late -= 1
            return False
        return name in self.roles

    def create_service_linked_role(self, service: str) -> None:
        """Mirror the real client."""
        self.created.append(service)
        self.roles |= {role.name for role in ROLES.values() if role.service == service}


@dataclass
class FakeQuotas:
    """The values of quotas by code, and how many resources of a kind there are by its label."""

    values: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def value(self, _service: str, code: str) -> float | None:
        """Mirror the real client."""
        return self.values.get(code)

    def used(self, kind: Kind) -> int:
        """Mirror the real client."""
        return self.counts.get(kind.label, 0)


@dataclass(kw_only=True)
class FakeSession:
    """The same names as `deployer.aws.session.Session`."""

    account: str = ACCOUNT
    caller: str = f"arn:aws:iam::{ACCOUNT}:user/ann"
    region: str = "us-west-2"
    time: FakeTime = field(default_factory=FakeTime)
    cloudformation: FakeCloudFormation = field(default_factory=FakeCloudFormation)
    acm: FakeAcm = field(default_factory=FakeAcm)
    kms: FakeKms = field(default_factory=FakeKms)
    s3: FakeS3 = field(default_factory=FakeS3)
    ec2: FakeEc2 = field(default_factory=FakeEc2)
    ecs: FakeEcs = field(default_factory=FakeEcs)
    ecr: FakeEcr = field(default_factory=FakeEcr)
    logs: FakeLogs = field(default_factory=FakeLogs)
    load_balancer: FakeLoadBalancer = field(default_factory=FakeLoadBalancer)
    rds: FakeRds = field(default_factory=FakeRds)
    secrets: FakeSecrets = field(default_factory=FakeSecrets)
    parameters: FakeParameters = field(default_factory=FakeParameters)
    scheduler: FakeScheduler = field(default_factory=FakeScheduler)
    iam: FakeIam = field(default_factory=FakeIam)
    quotas: FakeQuotas = field(default_factory=FakeQuotas)
    exec_sessions: FakeExecSessions = field(default_factory=FakeExecSessions)

    patience: Patience = field(init=False)

    def __post_init__(self) -> None:
        """Let CloudFormation delete nothing that is protected, and S3 have the same clock."""
        self.patience = Patience(self.clock)
        self.s3.now = self.time.now
        self.cloudformation.protects = lambda physical_id: (
            physical_id in self.rds.protected or physical_id in self.load_balancer.protected
        )

    @property
    def clock(self) -> Clock:
        """Return a clock on which nothing takes time."""
        return Clock(now=self.time.now, sleep=self.time.sleep)

    @property
    def as_session(self) -> Session:
        """Return the same as what the deployer asks for; `test_fakes.py` holds each fake to the real client."""
        return cast("Session", self)


@dataclass
class Recorder:
    """Records what it hears."""

    phases: list[str] = field(default_factory=list)
    events: list[StackEvent] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def phase(self, name: str, _detail: str) -> None:
        """Begin a new phase."""
        self.phases.append(name)

    def event(self, event: StackEvent) -> None:
        """Something happened in a stack."""
        self.events.append(event)

    def note(self, text: str) -> None:
        """There is something to know."""
        self.notes.append(text)
