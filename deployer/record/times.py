"""Keeps how long the phases of an environment's runs took, beside its templates, for the runs that come."""

import json
from collections.abc import Mapping
from contextlib import suppress
from statistics import median

from compiler.contract import template_prefix
from deployer.aws.errors import AwsRefusal
from deployer.aws.session import Session
from spec.environment import Environment

OBJECT = "times.json"
KEPT = 5
"""So many durations of each phase are kept, the newest last."""

_Times = dict[str, dict[str, list[float]]]


def read_times(env: Environment, session: Session, bucket: str, verb: str) -> Mapping[str, float]:
    """Return the median seconds of each phase of a verb; nothing where nobody knows, or AWS does not say."""
    return {phase: median(seconds) for phase, seconds in _read(env, session, bucket).get(verb, {}).items()}


def note_times(env: Environment, session: Session, bucket: str, verb: str, took: Mapping[str, float]) -> None:
    """Add the seconds of a run to what is known; a run that could not note them is none the worse."""
    known = _read(env, session, bucket)
    phases = known.setdefault(verb, {})
    for phase, seconds in took.items():
        phases[phase] = [*phases.get(phase, []), round(seconds, 1)][-KEPT:]
    with suppress(AwsRefusal):
        session.s3.put(bucket, _key(env), json.dumps(known).encode())


def _read(env: Environment, session: Session, bucket: str) -> _Times:
    with suppress(AwsRefusal, ValueError):
        body = session.s3.get(bucket, _key(env)) if bucket else None
        return json.loads(body) if body else {}
    return {}


def _key(env: Environment) -> str:
    return template_prefix(env.name, expiring=env.ttl is not None) + OBJECT
