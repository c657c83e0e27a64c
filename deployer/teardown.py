"""Deletes an environment and says what was deleted and what was kept: observe, plan, execute.

    settle       wait for what goes on in the stack, then observe and plan anew      only if something does
    toolkit      the role with which it expired, brought up to date                  only if its expiry did not finish
    unprotect    the same environment without protection, services at zero           only with --unprotect;
                 by API where the stack cannot be updated or never came up
    note         what is to be cleared, in the templates bucket
    drain        services to zero, tasks stopped; meanwhile buckets and repositories are emptied
    delete       the root stack, followed, tried again when a part resists
    clear        what CloudFormation leaves: revisions of task definitions, log groups written by AWS
    templates    those of the environment, and the bootstrap stack where nobody else needs it

The note is written before anything is lost. A teardown that was killed anywhere is completed by running it again. A
deploy takes it back as long as the stack is whole, and is refused after that until the note is gone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from compiler.model.template_set import TemplateSet
from deployer.aws.session import Session
from deployer.execute import execute
from deployer.inspect import inspect_for_teardown
from deployer.plans.observed import Observed
from deployer.plans.plan import Plan
from deployer.plans.teardown import plan_teardown
from deployer.progress import Progress
from deployer.record.lease import Lease, given_back, new_lease
from deployer.record.teardown_report import TeardownReport
from deployer.steps.step import Context, Facts
from spec.environment import Environment


@dataclass(frozen=True, kw_only=True)
class Ending:
    """Which environment is to end, and what may be lifted for that.

    A protected one is refused unless `unprotect` is its name; `unprotected` are then its templates compiled with
    `protect: false`. `templates` are its own: their deletion role finishes what its expiry could not delete.
    """

    env: Environment
    unprotect: str | None = None
    unprotected: TemplateSet | None = None
    templates: TemplateSet | None = None

    def plan(self, observed: Observed) -> Plan:
        """Return the plan of the teardown. Raises `Refusal`."""
        return plan_teardown(
            self.env,
            observed,
            unprotect=self.unprotect,
            unprotected=self.unprotected,
            templates=self.templates,
        )


@dataclass(frozen=True, kw_only=True)
class PlannedTeardown:
    """A teardown that has its plan, and under its lease waits to be executed."""

    ending: Ending
    session: Session
    lease: Lease
    observed: Observed
    plan: Plan
    report: TeardownReport

    def settle(self, progress: Progress) -> "PlannedTeardown":
        """Execute a plan that is not final, and return the next one."""
        report = self.execute(progress)
        observed = inspect_for_teardown(self.ending.env, self.session)
        return replace(self, observed=observed, plan=self.ending.plan(observed), report=report)

    def execute(self, progress: Progress) -> TeardownReport:
        """Execute the plan, and return what was done so far."""
        context = Context(env=self.ending.env, session=self.session, progress=progress, lease=self.lease)
        known = Facts(report=self.report, stack=self.observed.stack, owned=self.observed.owned)
        return execute(self.plan, context, known).report


def teardown(
    env: Environment,
    session: Session,
    *,
    progress: Progress,
    unprotect: str | None = None,
    unprotected: TemplateSet | None = None,
    templates: TemplateSet | None = None,
) -> TeardownReport:
    """Delete an environment without a question and return the report; for the arguments see `Ending`.

    An environment that does not exist gives an empty report.
    """
    ending = Ending(env=env, unprotect=unprotect, unprotected=unprotected, templates=templates)
    with planned_teardown(ending, session, progress=progress) as first:
        planned = first
        while not planned.plan.final:
            planned = planned.settle(progress)
        return planned.execute(progress)


@contextmanager
def planned_teardown(
    ending: Ending, session: Session, *, progress: Progress, wait: bool = False, only_look: bool = False
) -> Iterator[PlannedTeardown]:
    """Plan a teardown under the lease of the environment, which ends with the block; nothing of it is changed.

    With `only_look` there is no lease and nothing is written at all: such a plan is not executed. With `wait` it waits
    for another run. Raises `Refusal` with what, why and the next step.
    """
    env = ending.env
    progress.phase("preflight", f"account {env.aws.account}, {session.region}")
    with given_back(new_lease(env, session, "teardown", wait=wait)) as lease:
        observed = inspect_for_teardown(env, session)
        takes = not only_look and observed.account == env.aws.account
        while takes and lease.take(observed.bootstrap.bucket, progress):
            observed = inspect_for_teardown(env, session)
        yield PlannedTeardown(
            ending=ending,
            session=session,
            lease=lease,
            observed=observed,
            plan=ending.plan(observed),
            report=TeardownReport(env.name),
        )
