"""Says what is wrong with an environment, the most probable cause first, with the place to change and the next step."""

from collections.abc import Iterator

from deployer.aws.errors import AwsRefusal
from deployer.aws.session import Session
from deployer.diagnosis.cause import Cause, Diagnosis
from deployer.diagnosis.causes.roster import EXPLAINING, UNEXPLAINED
from deployer.diagnosis.evidence import Evidence
from deployer.diagnosis.gather import Surroundings, gather
from deployer.diagnosis.reader import refused
from spec.environment import Environment


def diagnose(env: Environment, session: Session, surroundings: Surroundings) -> Diagnosis:
    """Look at an environment and say what is wrong; raises `PreflightRefusal` for another account or foreign stack."""
    try:
        evidence = gather(env, session, surroundings)
    except AwsRefusal as error:
        return explain_refusal(env, error)
    return explain(evidence)


def explain_refusal(env: Environment, error: AwsRefusal) -> Diagnosis:
    """Say why AWS refuses the caller; raises the refusal again where that is no known cause."""
    diagnosis = explain(Evidence(env=env, statements=(refused("the account", error),)))
    if diagnosis.well:
        raise error
    return diagnosis


def explain(evidence: Evidence) -> Diagnosis:
    """Return the diagnosis that evidence allows; a pure function."""
    causes = tuple(_distinct(evidence))
    return Diagnosis(name=evidence.env.name, state=_state(evidence, causes), causes=causes, unread=evidence.unread)


def _distinct(evidence: Evidence) -> Iterator[Cause]:
    """Yield each cause once, by its name; what is unexplained only where nothing explains it."""
    seen: set[str] = set()
    for look in EXPLAINING:
        for cause in look(evidence):
            if cause.name not in seen:
                seen.add(cause.name)
                yield cause
    if not seen:
        for look in UNEXPLAINED:
            for cause in look(evidence):
                yield cause
                return


def _state(evidence: Evidence, causes: tuple[Cause, ...]) -> str:
    """Say in a word or two how the environment is."""
    if not evidence.stack:
        return "not to be seen from here"
    if evidence.asleep:
        return "asleep"
    if not causes:
        return "healthy"
    works = evidence.health is not None and not evidence.complaints
    return "healthy, but something is wrong" if works else "not healthy"
