"""Brings code to a running environment: as a release or by the file system, with a restart if it must be."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from deployer.aws.session import Session
from deployer.execute import execute
from deployer.inspect import inspect_for_push
from deployer.lifetime.asleep import told_asleep
from deployer.plans.observed import Observed
from deployer.plans.plan import Plan
from deployer.plans.push import plan_push, planned_changes
from deployer.progress import Progress
from deployer.record.lease import Lease, given_back, new_lease
from deployer.record.teardown_report import TeardownReport
from deployer.record.times import read_times
from deployer.release.airflow_home import DAGS, Code, read_code
from deployer.release.left_out import left_out
from deployer.release.upload_code import Uploaded
from deployer.releases.age import tell_older
from deployer.releases.pushers import refuse_other_pushers
from deployer.rollback import rollback, take_lease
from deployer.steps.services.restart import Restart
from deployer.steps.step import Context, Facts, Need
from spec.environment import Environment


@dataclass(frozen=True, kw_only=True)
class Pushed:
    """What a push did. `released` says that its code became the current release.

    `errors` are the files that Airflow cannot import, each with its line and the reason; `rolled_back` says that the
    environment went back to the release before for their sake. `added` are DAG files that are new. Where it sleeps,
    `asleep` says until when; Airflow knows none of this before it wakes.
    """

    version: str
    uploaded: Uploaded
    synced: bool = False
    restarted: bool = False
    released: bool = False
    errors: tuple[str, ...] = ()
    rolled_back: bool = False
    asleep: str = ""
    added: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlannedPush:
    """A push that has its plan, and under its lease waits to be executed; `changes` are the files that it brings."""

    env: Environment
    session: Session
    code: Code
    lease: Lease
    observed: Observed
    plan: Plan
    changes: Uploaded

    @property
    def restarts(self) -> bool:
        """Whether the services start anew."""
        return any(isinstance(step, Restart) and step.need is not Need.NO for step in self.plan.steps)

    def _added(self, uploaded: Uploaded) -> tuple[str, ...]:
        """Return the DAG files that were not there before."""
        before = {*self.observed.code, *(self.observed.released.files if self.observed.released else ())}
        return tuple(name for name in uploaded.put if name.startswith(f"{DAGS}/") and name not in before)

    def execute(self, progress: Progress, *, web_url: str | None = None, rollback_on_error: bool = False) -> Pushed:
        """Execute the plan, and return what was done. Raises `OneOffTaskFailure` when the sync task fails."""
        context = Context(env=self.env, session=self.session, progress=progress, web_url=web_url, lease=self.lease)
        known = Facts(report=TeardownReport(self.env.name), stack=self.observed.stack, state=self.observed.state)
        facts = execute(self.plan, context, known)
        pushed = Pushed(
            version=self.code.version,
            uploaded=facts.uploaded,
            synced=facts.synced,
            restarted=facts.restarted,
            released=facts.released,
            errors=tuple(map(str, facts.report_of_dags.errors)) if facts.report_of_dags else (),
            asleep=told_asleep(self.env, self.session, self.observed.outputs) if self.observed.outputs else "",
            added=self._added(facts.uploaded),
        )
        before = self.observed.pointer.release
        if not (rollback_on_error and pushed.errors and before):
            return pushed
        self.lease.give_back()  # the rollback takes it for itself
        rollback(self.env, self.session, progress=progress, release=before, web_url=web_url)
        return replace(pushed, rolled_back=True)


def push(
    env: Environment, session: Session, *, progress: Progress, airflow_home: Path, web_url: str | None = None
) -> Pushed:
    """Bring the code below `airflow_home` to the environment without a question; see the functions around."""
    with planned_push(env, session, progress=progress, airflow_home=airflow_home) as planned:
        return planned.execute(progress, web_url=web_url)


@contextmanager
def planned_push(
    env: Environment,
    session: Session,
    *,
    progress: Progress,
    airflow_home: Path,
    wait: bool = False,
    only_look: bool = False,
) -> Iterator[PlannedPush]:
    """Plan a push under the lease of the environment, which ends with the block; nothing of it is changed.

    With `only_look` there is no lease and nothing is written at all: such a plan is not executed. With `wait` it waits
    for another run. A killed push is completed by the next. Raises `CodeRefusal`, and `Refusal` where nobody can push.
    """
    if not only_look:
        refuse_other_pushers(env, session)
    code = read_code(airflow_home, env.airflow.ignore_syntax, env.airflow.python)
    for sentence in left_out(airflow_home):
        progress.note(sentence)
    with given_back(new_lease(env, session, "push", wait=wait)) as lease:
        held = None if only_look else take_lease(env, session, lease, progress)
        observed = inspect_for_push(env, session)
        tell_older(airflow_home, code, observed.released, progress)
        yield PlannedPush(
            env=env,
            session=session,
            code=code,
            lease=lease,
            observed=observed,
            plan=replace(plan_push(env, code, observed, held), known=read_times(env, session, lease.bucket, "push")),
            changes=planned_changes(env, code, observed),
        )
