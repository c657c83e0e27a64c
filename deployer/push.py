"""Brings code to a running environment: as a release or by the file system, with a restart if it must be."""

from dataclasses import dataclass, replace
from pathlib import Path

from deployer.aws.session import Session
from deployer.execute import execute
from deployer.inspect import inspect_for_push
from deployer.plans.push import plan_push, planned_changes, planned_restart
from deployer.progress import Progress
from deployer.record.lease import given_back, new_lease
from deployer.record.teardown_report import TeardownReport
from deployer.release.airflow_home import read_code
from deployer.release.left_out import left_out
from deployer.release.upload_code import Uploaded
from deployer.releases.age import tell_older
from deployer.rollback import rollback, take_lease
from deployer.steps.step import Context, Facts
from spec.environment import Environment


@dataclass(frozen=True, kw_only=True)
class Pushed:
    """What a push did, or would do. `released` says that its code became the current release.

    `errors` are the files that Airflow cannot import, each with its line and the reason; `rolled_back` says that the
    environment went back to the release before for their sake.
    """

    version: str
    uploaded: Uploaded
    synced: bool = False
    restarted: bool = False
    released: bool = False
    errors: tuple[str, ...] = ()
    rolled_back: bool = False


def push(  # what a verb says, each by its name
    env: Environment,
    session: Session,
    *,
    progress: Progress,
    airflow_home: Path,
    web_url: str | None = None,
    wait: bool = False,
    rollback_on_error: bool = False,
) -> Pushed:
    """Bring the code below `airflow_home` to the environment; a killed push is completed by the next.

    Raises `CodeRefusal` before anything is uploaded, `OneOffTaskFailure` when the sync task fails.
    """
    code = read_code(airflow_home, env.airflow.ignore_syntax, env.airflow.python)
    for sentence in left_out(airflow_home):
        progress.note(sentence)
    with given_back(new_lease(env, session, "push", wait=wait)) as lease:
        held = take_lease(env, session, lease, progress)
        observed = inspect_for_push(env, session)
        tell_older(airflow_home, code, observed.released, progress)
        plan = plan_push(env, code, observed, held)
        context = Context(env=env, session=session, progress=progress, web_url=web_url, lease=lease)
        known = Facts(report=TeardownReport(env.name), stack=observed.stack, state=observed.state)
        facts = execute(plan, context, known)
    pushed = Pushed(
        version=code.version,
        uploaded=facts.uploaded,
        synced=facts.synced,
        restarted=facts.restarted,
        released=facts.released,
        errors=tuple(map(str, facts.report_of_dags.errors)) if facts.report_of_dags else (),
    )
    if not (rollback_on_error and pushed.errors and observed.pointer.release):
        return pushed
    rollback(env, session, progress=progress, release=observed.pointer.release, web_url=web_url)
    return replace(pushed, rolled_back=True)


def preview(env: Environment, session: Session, airflow_home: Path) -> Pushed:
    """Return what a push would do, and do nothing."""
    code = read_code(airflow_home, env.airflow.ignore_syntax, env.airflow.python)
    observed = inspect_for_push(env, session)
    changes = planned_changes(env, code, observed)
    restarts = observed.state.restart != planned_restart(observed, code.restart_version)
    return Pushed(version=code.version, uploaded=changes, restarted=restarts)
