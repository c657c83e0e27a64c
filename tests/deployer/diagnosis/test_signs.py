"""A sign recognises a cause by what somebody said, and says it with the words that it found."""

from dataclasses import replace

from deployer.diagnosis.cause import Cause
from deployer.diagnosis.evidence import Evidence, Source, Statement
from deployer.diagnosis.signs import Sign, looks
from tests.deployer.diagnosis.test_evidence import HEALTH
from tests.deployer.fakes.environment import environment

SIGN = Sign(
    name="no file",
    sources=frozenset({Source.LOG}),
    pattern=r"cannot open (?P<path>\S+)(?: at line (?P<line>\d+))?",
    what="The {about} cannot open {path} at {line}.",
    key="{size}.cpu",
    file="{home}/{path}:{line}",
    next_step="Make {path}.",
)
TROUBLED = Evidence(env=environment(), failed=True)


def _causes(*statements: Statement, sign: Sign = SIGN, evidence: Evidence = TROUBLED) -> list[Cause]:
    seen = replace(evidence, statements=statements)
    return [cause for look in looks((sign,)) for cause in look(seen)]


def _log(text: str, about: str = "scheduler") -> Statement:
    return Statement(Source.LOG, about, text)


def test_the_words_that_were_found_are_in_the_sentence() -> None:
    """A part that was not said stands open, but no place ends with it."""
    (cause,) = _causes(_log("cannot open dags/x.py"))
    assert (cause.what, cause.next_step) == ("The scheduler cannot open dags/x.py at ….", "Make dags/x.py.")
    assert (cause.key, cause.file) == (("services", "scheduler", "cpu"), "airflow_home/dags/x.py")


def test_only_the_sources_of_a_sign_count() -> None:
    """A task that stopped says other things than a log."""
    assert _causes(replace(_log("cannot open x"), source=Source.TASK)) == []


def test_a_sign_counts_in_a_healthy_environment_only_where_it_says_so() -> None:
    """At their start processes print much that passes."""
    well = replace(SIGN, although_well=True)
    calm = Evidence(env=environment(), health=HEALTH)
    assert _causes(_log("cannot open x"), evidence=calm) == []
    assert len(_causes(_log("cannot open x"), sign=well, evidence=calm)) == 1


def test_one_cause_is_shown_by_a_few_statements() -> None:
    """Workers have a section of their own, and a line is cut around what was recognised."""
    many = [_log(f"first line\n{'x' * 500} cannot open {number} {'y' * 500}", "worker") for number in range(9)]
    (cause,) = _causes(*many)
    assert (cause.key, len(cause.shown_by)) == (("workers", "cpu"), 3)
    assert "cannot open 0" in cause.shown_by[0]
    assert len(cause.shown_by[0]) < 400


def test_no_password_of_an_address_is_shown() -> None:
    """A driver may print the whole address of the database."""
    (cause,) = _causes(_log("postgresql://airflow:s3cr3t@db:5432 cannot open x"))
    assert "s3cr3t" not in cause.shown_by[0]
