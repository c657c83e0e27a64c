"""Causes that somebody made by hand: closed ports, deleted parts, empty secrets, and what is switched off."""

from collections.abc import Iterator

from deployer.diagnosis.cause import Cause
from deployer.diagnosis.evidence import DELETED, Evidence

_REPAIR = "`windsock deploy ENV --repair` makes it again, and takes back what else was changed by hand."
_STOPPED = frozenset({"stopped", "stopping"})
_BROKEN = frozenset(
    {
        "failed",
        "inaccessible-encryption-credentials",
        "inaccessible-encryption-credentials-recoverable",
        "incompatible-network",
        "incompatible-parameters",
        "incompatible-restore",
        "restore-error",
        DELETED,
    }
)
"""Source: "Viewing Amazon RDS DB instance status", Amazon RDS User Guide,
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html"""
_FULL = "storage-full"


def closed_ports(evidence: Evidence) -> Iterator[Cause]:
    """Yield that somebody revoked rules of security groups."""
    if evidence.closed:
        first = evidence.closed[0].rpartition("/")[2]
        yield Cause(
            name="closed port",
            what=f"Somebody revoked a rule of a security group: {first}.",
            shown_by=tuple(f"security groups: {path} is not there" for path in evidence.closed),
            key=("network",),
            next_step=_REPAIR,
        )


def deleted_parts(evidence: Evidence) -> Iterator[Cause]:
    """Yield that somebody deleted resources."""
    if evidence.missing:
        yield Cause(
            name="deleted by hand",
            what=f"Somebody deleted {', '.join(evidence.missing)}; CloudFormation does not know.",
            shown_by=tuple(f"AWS: {path} is not there" for path in evidence.missing),
            next_step=_REPAIR,
        )


def changed_parts(evidence: Evidence) -> Iterator[Cause]:
    """Yield that somebody changed resources."""
    shown = [
        f"CloudFormation, {change.path}: {one.path} is {one.actual}, and was {one.expected}"
        for change in evidence.changed
        for one in change.properties
    ]
    if shown:
        first = next(change for change in evidence.changed if change.properties)
        yield Cause(
            name="changed by hand",
            what=f"Somebody changed {first.path}: {first.properties[0].path} is {first.properties[0].actual}.",
            shown_by=tuple(shown),
            next_step="`windsock diff ENV` says what a deploy makes of it; `deploy ENV --repair` takes it back.",
        )


def missing_secrets(evidence: Evidence) -> Iterator[Cause]:
    """Yield that a secret of the YAML is not there, or has no value."""
    lacking = [secret for secret in evidence.secrets if secret.filled is False]
    if not lacking:
        return
    first = lacking[0]
    yield Cause(
        name="missing secret",
        what=f"{first.kind.capitalize()} {first.name} is not there, or has no value.",
        shown_by=tuple(f"AWS: no value of {one.kind} {one.name}, for {', '.join(one.variables)}" for one in lacking),
        key=_place(evidence, first.variables[0] if first.variables else ""),
        next_step=f"Store it with `windsock secrets set ENV {first.name}`, or correct the name; then deploy.",
    )


def stopped_database(evidence: Evidence) -> Iterator[Cause]:
    """Yield that the database instance is stopped, full or broken."""
    state = evidence.database
    shown = (f"RDS: the instance is {state}",)
    if state == _FULL:
        yield Cause(
            name="full disk of the database",
            what="The disk of the database is full.",
            shown_by=shown,
            key=("database", "storage_gb"),
            next_step="Raise it, run `windsock compile ENV`, and deploy.",
        )
    if state in _STOPPED and not evidence.asleep:
        yield Cause(
            name="stopped database",
            what="Somebody stopped the database.",
            shown_by=shown,
            key=("database",),
            next_step="`windsock deploy ENV` starts it and waits for it.",
        )
    if state in _BROKEN:
        yield Cause(
            name="dead database",
            what=f"The database instance is {state}.",
            shown_by=shown,
            key=("database",),
            next_step="Look at its events in the RDS console. `database.restore_from` brings a snapshot back.",
        )


def switched_off(evidence: Evidence) -> Iterator[Cause]:
    """Yield that somebody set services to zero."""
    health = evidence.health
    idle = [one.process for one in health.services if not one.desired] if health and not evidence.asleep else []
    if idle:
        yield Cause(
            name="switched off",
            what=f"Somebody set the {' and the '.join(idle)} to zero tasks.",
            shown_by=tuple(f"ECS service, {process}: 0 tasks are wanted" for process in idle),
            key=("services", idle[0]),
            next_step="`windsock deploy ENV` sets the counts again.",
        )


def _place(evidence: Evidence, variable: str) -> tuple[str, ...]:
    """Return the key of the YAML whose secret fills a variable of the containers."""
    airflow = evidence.env.airflow
    if variable in evidence.env.database.secret_sources:
        return ("database", "password")
    source = airflow.secret_sources.get(variable)
    for section in ("secrets", "connections", "variables"):
        for name, given in getattr(airflow, section).items():
            if given is source or given == source:
                return ("airflow", section, name)
    return ("airflow", "secrets")
