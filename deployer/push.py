"""Brings code to a running environment: what changed to the bucket, on to the file system, a restart if it must be."""

from dataclasses import dataclass
from pathlib import Path

from deployer.aws.session import Session
from deployer.execute import execute
from deployer.inspect import inspect_for_push
from deployer.plans.push import plan_push
from deployer.progress import Progress
from deployer.record.lease import given_back, new_lease
from deployer.record.teardown_report import TeardownReport
from deployer.release.airflow_home import read_code
from deployer.release.left_out import left_out
from deployer.release.upload_code import Uploaded
from deployer.stacks.bootstrap import find_templates_bucket
from deployer.steps.step import Context, Facts
from spec.environment import Environment


@dataclass(frozen=True, kw_only=True)
class Pushed:
    """What a push did."""

    version: str
    uploaded: Uploaded
    synced: bool
    restarted: bool


def push(
    env: Environment,
    session: Session,
    *,
    progress: Progress,
    airflow_home: Path,
    web_url: str | None = None,
    wait: bool = False,
) -> Pushed:
    """Bring the code below `airflow_home` to the environment; a killed push is completed by the next.

    Raises `CodeRefusal` before anything is uploaded, `OneOffTaskFailure` when the sync task fails.
    """
    code = read_code(airflow_home, env.airflow.ignore_syntax, env.airflow.python)
    for sentence in left_out(airflow_home):
        progress.note(sentence)
    with given_back(new_lease(env, session, progress, "push", wait=wait)) as lease:
        if session.account == env.aws.account:
            lease.take(find_templates_bucket(session) or "")
        observed = inspect_for_push(env, session)
        plan = plan_push(env, code, observed)
        context = Context(env=env, session=session, progress=progress, web_url=web_url, lease=lease)
        known = Facts(report=TeardownReport(env.name), stack=observed.stack, state=observed.state)
        facts = execute(plan, context, known)
    return Pushed(version=code.version, uploaded=facts.uploaded, synced=facts.synced, restarted=facts.restarted)
