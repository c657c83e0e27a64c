"""Observes an environment: all reading that a deploy, a push or a teardown decides by, and no writing."""

from dataclasses import replace
from datetime import datetime

from compiler.contract import (
    ALARM,
    BOOTSTRAP_STACK,
    TEMPLATES_BUCKET,
    client_secret_name,
    schedule_name,
    template_prefix,
)
from compiler.model.template_set import TemplateSet
from deployer.access.oauth_client import is_filled
from deployer.access.secrets import used_secrets
from deployer.account.keys import key_faults
from deployer.account.networks import network_faults
from deployer.account.quotas import shortages
from deployer.account.service_linked_roles import missing_roles
from deployer.aws.errors import AwsRefusal
from deployer.aws.missing_right import denies_code
from deployer.aws.s3 import NO_BUCKET, StoredObject
from deployer.aws.session import Session
from deployer.aws.stacks import Stack
from deployer.databases.moments import moment_faults
from deployer.databases.roster import deployed_database
from deployer.health.drift import Drift, find_drift, nested_stacks
from deployer.health.missing import all_resources, missing_among, missing_parts, put_back_among, restorable_among
from deployer.health.wake import shows_page
from deployer.lifetime.ttl import now
from deployer.list_environments import root_stacks
from deployer.plans.database_changes import successor
from deployer.plans.observed import BootstrapStack, Observed, ObservedClient
from deployer.record.deploy_state import read_deploy_state
from deployer.record.owned_resources import OwnedResources, owned_resources, read_note, stack_members
from deployer.release.former_runtime import files_still_read
from deployer.release.upload_code import uploaded_code
from deployer.releases.report import read_report
from deployer.releases.store import NO_POINTER, read_pointer, read_release
from deployer.stacks.outputs import Outputs, read_outputs
from deployer.stacks.preflight import is_owned
from deployer.stacks.protection import never_came_up
from deployer.stacks.replacement_guard import differing_templates
from deployer.stacks.statuses import Action, action_of
from deployer.steps.stacks.zones import ZONE_PARAMETERS, usable_zones
from spec.aws_facts.regions import FARGATE_ZONES
from spec.environment import Environment


def inspect_for_deploy(
    env: Environment, templates: TemplateSet, session: Session, *, release: str = "", closely: bool = False
) -> Observed:
    """Read what a deploy decides by; of an environment that is not at rest, only that it is not.

    `release` is the code at hand; where it is the current one, what is noted of it says nothing more. With `closely` it
    asks for each resource whether that is there.
    """
    observed = _surroundings(env, session)
    if observed.account != env.aws.account:
        return observed
    observed = replace(observed, bootstrap=_with_keys(env, session, observed.bootstrap), client=_client(env, session))
    observed = replace(observed, secrets=used_secrets(env, session))
    stack = observed.deployed
    faults = network_faults(env, templates, session, first=observed.stack is None)
    observed = replace(observed, zones=_zones(env, session, stack), network_faults=faults)
    observed = replace(observed, key_faults=key_faults(env, session))
    if observed.stack is None:
        return replace(
            observed,
            missing_roles=missing_roles(session, templates),
            shortages=shortages(session, templates),
            moment_faults=moment_faults(env, session),
        )
    if stack is None or observed.teardown_note is not None or not is_owned(env, stack):
        return observed
    observed = replace(
        observed,
        root_template=session.cloudformation.template(stack.id),
        nested_templates=differing_templates(session, stack, templates),
    )
    if successor(observed.nested_templates, templates):
        observed = replace(observed, moment_faults=moment_faults(env, session))
    if not stack.outputs:
        return observed
    found = _deployed(session, observed, release)
    found = _looked_through(session, found, stack) if closely else found
    return replace(found, alarm=_alarm(env, session, found), drift=_drift(env, session, found, closely=closely))


def _alarm(env: Environment, session: Session, observed: Observed) -> datetime | None:
    """Return when the alarm rings next, at the earliest; one without a start rings every few minutes."""
    if env.due is None:
        return None
    name = schedule_name(env.name, ALARM)
    return session.scheduler.start(name) or (observed.now if session.scheduler.description(name) else None)


def _looked_through(session: Session, found: Observed, stack: Stack) -> Observed:
    """Return what a look for every resource finds too."""
    resources = all_resources(session, stack.id)
    missing = missing_among(session, resources)
    restorable = tuple(restorable_among(session, resources, missing))
    return replace(found, missing=missing, restorable=restorable, put_back=put_back_among(session, resources))


def _drift(env: Environment, session: Session, observed: Observed, *, closely: bool) -> Drift:
    """Look for changes by hand in the nested stacks that are to change: a deploy leaves the others as they are."""
    if observed.stack is None or not (closely or (observed.nested_templates and not observed.missing)):
        return Drift()
    stacks = nested_stacks(session, observed.stack.id)
    changing = {name: id_ for name, id_ in stacks.items() if closely or name in observed.nested_templates}
    return find_drift(env, session, changing)


def inspect_for_push(env: Environment, session: Session) -> Observed:
    """Read what a push decides by."""
    observed = Observed(account=session.account, region=session.region, now=now(session))
    if observed.account != env.aws.account:
        return observed
    observed = replace(observed, stack=session.cloudformation.stack(env.name))
    if observed.stack is None or not is_owned(env, observed.stack) or observed.outputs is None:
        return observed
    outputs = observed.outputs
    services = session.ecs.services(outputs.cluster, tuple(outputs.all_services.values())) if env.schedule else ()
    reported = read_report(session, outputs.code_bucket) is not None
    return replace(_with_code(session, observed, outputs), services=services, reported=reported)


def inspect_for_teardown(env: Environment, session: Session) -> Observed:
    """Read what a teardown decides by: what the environment owns, or owned when a teardown of it began."""
    observed = _surroundings(env, session, surely=True)
    if observed.stack is None and observed.teardown_note is None and observed.account == env.aws.account:
        return replace(observed, others=tuple(stack.name for stack in root_stacks(session)))
    if observed.stack is None or action_of(observed.stack) is Action.WAIT or not is_owned(env, observed.stack):
        return replace(observed, owned=observed.teardown_note or OwnedResources())
    members = tuple(stack_members(session, observed.stack.id))
    return replace(
        observed,
        members=members,
        never_came_up=never_came_up(session, observed.stack),
        zones=_zones(env, session, observed.deployed),
        owned=(observed.teardown_note or OwnedResources()).merged(owned_resources(members)),
    )


def _surroundings(env: Environment, session: Session, *, surely: bool = False) -> Observed:
    """Return the root stack, the bootstrap stack and the note of a teardown; nothing of another account's.

    With `surely` it looks whether the templates bucket is there.
    """
    observed = Observed(account=session.account, region=session.region, now=now(session))
    if observed.account != env.aws.account:
        return observed
    bootstrap = session.cloudformation.stack(BOOTSTRAP_STACK)
    bucket = _bucket(session, bootstrap, surely=surely)
    return replace(
        observed,
        stack=session.cloudformation.stack(env.name),
        bootstrap=BootstrapStack(stack=bootstrap, bucket=bucket),
        teardown_note=read_note(session, bucket, env.name) if bucket else None,
    )


def _bucket(session: Session, bootstrap: Stack | None, *, surely: bool) -> str:
    bucket = bootstrap.outputs.get(TEMPLATES_BUCKET, "") if bootstrap else ""
    # A teardown that could not delete the stack may have deleted its bucket, and so may somebody by hand.
    doubtful = bootstrap is not None and (surely or bootstrap.status == "DELETE_FAILED")
    return "" if doubtful and not (bucket and session.s3.exists(bucket)) else bucket


def _with_keys(env: Environment, session: Session, bootstrap: BootstrapStack) -> BootstrapStack:
    if bootstrap.stack is None or not bootstrap.bucket:
        return bootstrap
    stored = _listed(session, bootstrap.bucket, template_prefix(env.name, expiring=env.ttl is not None))
    return replace(
        bootstrap,
        bucket="" if stored is None else bootstrap.bucket,
        template=session.cloudformation.template(bootstrap.stack.id),
        stored_templates={entry.key: entry.etag for entry in stored or ()},
    )


def _listed(session: Session, bucket: str, prefix: str) -> tuple[StoredObject, ...] | None:
    """Return the objects of a bucket; None where somebody deleted it."""
    try:
        return session.s3.objects(bucket, prefix)
    except AwsRefusal as error:
        if error.code == NO_BUCKET:
            return None
        raise


def _client(env: Environment, session: Session) -> ObservedClient | None:
    name = client_secret_name(env)
    if name is None:
        return None
    held = session.secrets.held(name)
    return ObservedClient(secret=held is not None, filled=held is not None and is_filled(held.value))


def _zones(env: Environment, session: Session, stack: Stack | None) -> tuple[str, ...]:
    """Return the zones of an environment, the deployed ones first; none where all zones have Fargate."""
    if env.aws.region not in FARGATE_ZONES or not env.network.makes_vpc:
        return ()
    known = tuple(stack.parameters[key] for key in ZONE_PARAMETERS if key in stack.parameters) if stack else ()
    if not known and stack is not None and stack.outputs:
        known = session.ec2.zones_of(read_outputs(stack).subnets)
    return usable_zones(session, env.aws.region, env.network.zones, known)


def _deployed(session: Session, observed: Observed, release: str) -> Observed:
    outputs = observed.outputs
    if outputs is None:
        return observed
    services = session.ecs.services(outputs.cluster, tuple(outputs.all_services.values()))
    try:
        found, bucket = _with_code(session, observed, outputs, release), True
    except AwsRefusal as error:
        if error.code != NO_BUCKET and not denies_code(error.why):
            raise
        bucket = error.code != NO_BUCKET
        found = replace(observed, shut_out=True, state=read_deploy_state(session, outputs)) if bucket else observed
    if missing := missing_parts(outputs, services, bucket=bucket):
        return replace(found, services=services, missing=missing)
    return replace(
        found,
        services=services,
        database_asleep=deployed_database(outputs).is_asleep(session, outputs, services),
        page_shown=shows_page(session, outputs),
    )


def _with_code(session: Session, observed: Observed, outputs: Outputs, release: str = "") -> Observed:
    """Read which code the environment has, and what earlier runs noted of it, unless `release` is the current one."""
    code = uploaded_code(session, outputs.code_bucket)
    pointer = NO_POINTER if outputs.copies_files else read_pointer(session, outputs.code_bucket)
    return replace(
        observed,
        state=read_deploy_state(session, outputs),
        code=code,
        kept_code=files_still_read(session, outputs, code),
        pointer=pointer,
        released=read_release(session, outputs.code_bucket, pointer.release) if pointer.release != release else None,
    )
