"""Says how a deployed environment is: its stack, its services, its versions, and where things are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from compiler.contract import ALARM, RootParameter, schedule_name, words
from deployer.aws.session import Session
from deployer.aws.stacks import Resource, Stack
from deployer.health.drift import find_drift, stacks_of
from deployer.health.missing import all_resources, missing_among
from deployer.health.verify import Health, observe
from deployer.health.wake import is_asleep
from deployer.lifetime.ttl import expiry, now
from deployer.record.deploy_state import read_deploy_state
from deployer.releases.report import reported_errors
from deployer.releases.store import read_pointer
from deployer.stacks.desired_counts import counts_set_by_hand, deployed_counts
from deployer.stacks.outputs import Outputs, read_outputs
from deployer.stacks.preflight import check_account, check_owner
from deployer.stacks.statuses import went_well
from deployer.upgrade.position import unfinished
from spec.environment import Environment


@dataclass(frozen=True, kw_only=True)
class Status:
    """An environment as it is now. What is None or empty is not there (yet).

    `missing` is what somebody deleted by hand, `by_hand` what they changed, in a sentence each. `former` are instances
    whose place another has taken. `import_errors` are the files that Airflow could not import. It deletes itself when
    it `expires`. Its office hours, if it has some, begin or end when they `change`. Its `alarm`, if it
    has one, says what it sleeps for, or what keeps it awake.
    """

    name: str
    region: str
    stack: str
    reason: str = ""
    url: str = ""
    airflow_version: str = ""
    image: str = ""
    code_version: str = ""
    admin_username: str = ""
    admin_secret: str = ""
    password_command: str = ""
    outputs: Outputs | None = None
    health: Health | None = None
    expires: datetime | None = None
    change: datetime | None = None
    awake_by_plan: bool = True
    asleep: bool = False
    alarm: str = ""
    import_errors: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()

    @property
    def well(self) -> bool:
        """Whether it is deployed and nothing is to complain of; to sleep outside office hours is no complaint."""
        whole = went_well(self.stack) and not self.missing
        return whole and self.health is not None and (self.asleep or not self.health.complaints)


def status(env: Environment, session: Session, *, web_url: str | None = None, closely: bool = False) -> Status:
    """Look at an environment; one that is not deployed has the stack status `absent`.

    With `closely`, CloudFormation compares every resource with what it made, which takes a minute or more.
    """
    check_account(env, session)
    stack = session.cloudformation.stack(env.name)
    if stack is None:
        return Status(name=env.name, region=session.region, stack="absent")
    check_owner(env, stack)
    seen = Status(name=env.name, region=session.region, stack=stack.status, reason=stack.reason)
    if not stack.outputs:
        return seen
    seen = _deployed(env, session, stack, seen, web_url)
    return replace(seen, by_hand=tuple(_by_hand(env, session, stack, seen, closely=closely)))


def _deployed(env: Environment, session: Session, stack: Stack, seen: Status, web_url: str | None) -> Status:
    outputs = read_outputs(stack)
    state = read_deploy_state(session, outputs)
    begun = unfinished(state, outputs.airflow_version)
    observed, resources = observe(session, env, outputs, web_url), all_resources(session, stack.id)
    health = replace(observed, complaints=(*begun, *observed.complaints))
    hour, hours = now(session), env.schedule
    return replace(
        seen,
        url=outputs.url,
        airflow_version=outputs.airflow_version,
        image=stack.parameters.get(RootParameter.IMAGE_DIGEST, ""),
        code_version=state.code if outputs.sync_task else read_pointer(session, outputs.code_bucket).version,
        admin_username=env.auth.first_user.username,
        admin_secret=outputs.admin_secret,
        password_command=password_command(session.region, outputs.admin_secret),
        outputs=outputs,
        health=health,
        expires=expiry(session, stack),
        change=hours.next_change(hour) if hours else None,
        awake_by_plan=hours is None or hours.is_open(hour),
        import_errors=tuple(map(str, reported_errors(session, outputs))),
        missing=missing_among(session, resources),
        former=tuple(_former(outputs, resources)),
        alarm=session.scheduler.description(schedule_name(env.name, ALARM)) if hours and hours.due else "",
        asleep=bool(hours) and not begun and is_asleep(env, health.airflow_services, hour),
    )


def _former(outputs: Outputs, resources: Mapping[str, Resource]) -> Iterator[str]:
    for path, resource in resources.items():
        if resource.type == "AWS::RDS::DBInstance" and resource.physical_id != outputs.database:
            yield path


def _by_hand(env: Environment, session: Session, stack: Stack, seen: Status, *, closely: bool) -> Iterator[str]:
    """Yield what people changed: always the number of tasks, the rest where somebody wants a close look."""
    if closely:
        drift = find_drift(env, session, stacks_of(env, session))
        for change in drift.changes:
            yield from (f"{change.path} {one.path}: {one.expected} -> {one.actual}" for one in change.properties)
            if change.deleted:
                yield f"{change.path} is gone"
        yield from drift.unread
        return
    counts = deployed_counts(env.processes, stack)
    desired = {service.process: service.desired for service in seen.health.services} if seen.health else {}
    for process, count in counts_set_by_hand(counts, desired).items():
        yield f"{words(process)}: {counts[process]} -> {count} tasks"


def password_command(region: str, secret: str) -> str:
    """Return the command with which a user reads the admin's password."""
    return (
        f"aws secretsmanager get-secret-value --region {region} --secret-id {secret} --query SecretString --output text"
    )
