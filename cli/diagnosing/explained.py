"""Diagnoses an environment for a verb: by itself, or when a deploy or a push ends because something does not work."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.aws_access.account import web_url
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected_arguments
from cli.diagnosing.diagnosis_page import diagnosis_text
from compiler.compile import compile_environment
from deployer.aws.session import Session
from deployer.databases.kind import DatabaseRefusal, WakeFailure
from deployer.diagnosis.cause import Diagnosis
from deployer.diagnosis.diagnose import diagnose
from deployer.diagnosis.gather import Surroundings, resolves
from deployer.health.verify import UnhealthyRefusal
from deployer.stacks.rollout import RolloutFailure
from deployer.steps.upgrade.migrate import MigrationFailure
from deployer.tasks.one_off_tasks import OneOffTaskFailure
from spec.environment import Environment
from spec.errors import Refusal
from spec.reading.load import text_of
from spec.reading.positioned_yaml import Document, read

_FAILURES = (DatabaseRefusal, MigrationFailure, OneOffTaskFailure, RolloutFailure, UnhealthyRefusal, WakeFailure)
"""The ends of a verb that something in AWS has caused."""


def diagnosed(call: Call, env: Environment, session: Session, *, closely: bool = False) -> Diagnosis:
    """Return what is wrong with an environment; `closely`, also what somebody changed by hand."""
    seen_at = web_url(call)
    surroundings = Surroundings(
        templates=compile_environment(env),
        web_url=seen_at,
        resolve=None if seen_at else resolves,
        closely=closely,
    )
    return diagnose(env, session, surroundings)


@contextmanager
def explained(call: Call, env: Environment, session: Session) -> Iterator[None]:
    """Let a failure of the block end with the diagnosis; a diagnosis that fails itself says nothing."""
    try:
        yield
    except _FAILURES as failure:
        _explain(failure, call, env, session)
        raise


def document_of(call: Call) -> Document:
    """Return the YAML of a command line, with the place of each key."""
    path = Path(call.options.env)
    return read(text_of(path), str(path))


def _explain(failure: Refusal, call: Call, env: Environment, session: Session) -> None:
    call.screen.say("Looking for the cause.")
    try:
        diagnosis = diagnosed(call, env, session)
    except Refusal:
        return
    if not diagnosis.well:
        page = diagnosis_text(diagnosis, document_of(call), selected_arguments(call))
        failure.why = f"{failure.why}\n\n{page}".lstrip()
