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

from dataclasses import replace

from compiler.model.template_set import TemplateSet
from deployer.aws.session import Session
from deployer.execute import execute
from deployer.inspect import inspect_for_teardown
from deployer.plans.teardown import plan_teardown
from deployer.progress import Progress
from deployer.record.lease import given_back, new_lease
from deployer.record.teardown_report import TeardownReport
from deployer.steps.step import Context, Facts
from spec.environment import Environment


def teardown(
    env: Environment,
    session: Session,
    *,
    progress: Progress,
    unprotect: str | None = None,
    unprotected: TemplateSet | None = None,
    templates: TemplateSet | None = None,
    wait: bool = False,
) -> TeardownReport:
    """Delete an environment and return the report.

    A protected one is refused unless `unprotect` is its name; `unprotected` are then its templates compiled with
    `protect: false`. `templates` are its own: their deletion role finishes what its expiry could not delete. An
    environment that does not exist gives an empty report.
    """
    progress.phase("preflight", f"account {env.aws.account}, {session.region}")
    facts = Facts(report=TeardownReport(env.name))
    with given_back(new_lease(env, session, "teardown", wait=wait)) as lease:
        context = Context(env=env, session=session, progress=progress, lease=lease)
        while True:
            observed = inspect_for_teardown(env, session)
            if observed.account == env.aws.account and lease.take(observed.bootstrap.bucket, progress):
                continue
            plan = plan_teardown(env, observed, unprotect=unprotect, unprotected=unprotected, templates=templates)
            facts = execute(plan, context, replace(facts, stack=observed.stack, owned=observed.owned))
            if plan.final:
                return facts.report
