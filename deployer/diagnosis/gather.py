"""Gathers the evidence of a diagnosis: one look at everything, tolerant of what AWS does not let us read."""

import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from compiler.model.template_set import TemplateSet
from deployer.access.secrets import used_secrets
from deployer.account.quotas import shortages
from deployer.account.service_linked_roles import missing_roles
from deployer.aws.acm import Certificate
from deployer.aws.errors import AwsRefusal
from deployer.aws.rds import ABSENT as NO_INSTANCE
from deployer.aws.session import Session
from deployer.aws.stacks import Resource, Stack
from deployer.diagnosis.evidence import ABSENT, DELETED, Evidence, Statement
from deployer.diagnosis.reader import Reader
from deployer.diagnosis.statements import of_last_operation, of_one_off_tasks, of_running, of_service
from deployer.health.drift import find_drift, stacks_of
from deployer.health.missing import all_resources, missing_among
from deployer.health.security_rules import RULES
from deployer.health.verify import observe
from deployer.health.wake import is_asleep
from deployer.lifetime.ttl import now
from deployer.releases.report import reported_errors
from deployer.stacks.outputs import Outputs, read_outputs
from deployer.stacks.preflight import check_account, check_owner
from deployer.stacks.statuses import is_over, went_well
from spec.environment import Environment

_INSTANCE = "AWS::RDS::DBInstance"
_CERTIFICATE = "AWS::CertificateManager::Certificate"

Resources = Mapping[str, Resource]


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a diagnosis knows besides AWS: the templates, where the site is reached, and whether names resolve here.

    With `closely` CloudFormation looks for what somebody changed by hand, which takes a minute or more.
    """

    templates: TemplateSet = field(repr=False)
    web_url: str | None = None
    resolve: Callable[[str], bool] | None = None
    closely: bool = False


def resolves(name: str) -> bool:
    """Whether the name of a host has an address here."""
    try:
        return bool(socket.getaddrinfo(name, None))
    except OSError:
        return False


def gather(env: Environment, session: Session, surroundings: Surroundings) -> Evidence:
    """Look at an environment, deployed or not.

    Raises `AwsRefusal` where not even its stack may be read, `PreflightRefusal` for another account or foreign stack.
    """
    check_account(env, session)
    reader, stack = Reader(), session.cloudformation.stack(env.name)
    check_owner(env, stack)
    if stack is None:
        evidence = _of_account(Evidence(env=env, stack=ABSENT), session, reader, surroundings.templates)
        return _finished(evidence, reader)
    failed = is_over(stack.status) and not went_well(stack.status)
    evidence = Evidence(env=env, stack=stack.status, failed=failed)
    if failed:
        evidence = _of_account(evidence, session, reader, surroundings.templates)
    if surroundings.closely:
        drift = find_drift(env, session, reader.one("the stacks", stacks_of, env, session) or {})
        evidence = replace(evidence, changed=drift.changes)
        reader.unread += drift.unread
    return _finished(_of_stack(evidence, session, reader, stack, surroundings), reader)


def _finished(evidence: Evidence, reader: Reader) -> Evidence:
    said = (*evidence.statements, *reader.refusals)
    return replace(evidence, statements=said, unread=tuple(reader.unread))


def _of_account(evidence: Evidence, session: Session, reader: Reader, templates: TemplateSet) -> Evidence:
    short = reader.several("the quotas", shortages, session, templates)
    roles = reader.several("the service-linked roles", missing_roles, session, templates)
    return replace(evidence, shortages=short, roles=roles)


def _of_stack(
    evidence: Evidence, session: Session, reader: Reader, stack: Stack, surroundings: Surroundings
) -> Evidence:
    env = evidence.env
    resources = reader.one("the resources", all_resources, session, stack.id) or {}
    events = reader.several("the stack events", of_last_operation, session, stack.id) if evidence.failed else ()
    missing = reader.several("what is missing", missing_among, session, resources)
    evidence = replace(
        evidence,
        statements=events,
        closed=tuple(path for path in missing if resources[path].type in RULES),
        missing=tuple(path for path in missing if resources[path].type not in RULES),
        secrets=reader.several("the secrets", used_secrets, env, session),
        database=reader.one("the database", _state, session, resources) or "",
        certificate=reader.one("the certificate", _certificate, env, session, resources),
        resolves=_resolves(env, surroundings),
    )
    return _of_services(evidence, session, reader, stack, surroundings.web_url) if stack.outputs else evidence


def _of_services(evidence: Evidence, session: Session, reader: Reader, stack: Stack, web_url: str | None) -> Evidence:
    env, outputs = evidence.env, read_outputs(stack)
    health = reader.one("the health", observe, session, env, outputs, web_url)
    errors = reader.several("the report of the DAG files", reported_errors, session, outputs)
    fine = {service.process for service in health.services if service.fine} if health and not evidence.failed else set()
    said = (
        *(
            one
            for process in outputs.all_services
            for one in _said(session, reader, outputs, process, fine=process in fine)
        ),
        *reader.several("the tasks", of_one_off_tasks, session, env, outputs),
    )
    return replace(
        evidence,
        health=health,
        asleep=health is not None and is_asleep(env, health.airflow_services, now(session)),
        import_errors=errors,
        statements=(*evidence.statements, *said),
    )


def _said(session: Session, reader: Reader, outputs: Outputs, process: str, *, fine: bool) -> Iterator[Statement]:
    """Yield what was said of a process: of one that is well, only what it prints."""
    about, cluster, name = process.replace("_", "-"), outputs.cluster, outputs.all_services[process]
    if not fine:
        for service in reader.several(f"the service {about}", session.ecs.services, cluster, (name,)):
            yield from reader.several(f"the tasks of the {about}", of_service, session, cluster, about, service)
    yield from reader.several(f"the log of the {about}", of_running, session, cluster, about, name)


def _state(session: Session, resources: Resources) -> str:
    """Return the state of the database instance; empty where the environment has none."""
    instances = [one.physical_id for one in resources.values() if one.type == _INSTANCE]
    try:
        return session.rds.state(instances[0]) if instances else ""
    except AwsRefusal as error:
        if error.code in NO_INSTANCE:
            return DELETED
        raise


def _certificate(env: Environment, session: Session, resources: Resources) -> Certificate | None:
    issued = (one.physical_id for one in resources.values() if one.type == _CERTIFICATE)
    arn = env.web.certificate_arn or next(issued, "")
    return session.acm.certificate(arn) if arn else None


def _resolves(env: Environment, surroundings: Surroundings) -> bool:
    domain, resolve = env.web.domain, surroundings.resolve
    return resolve(domain) if domain and resolve else True
