"""Brings an environment up, or to what its YAML now says: observe, plan, execute.

`inspect` reads what AWS says, `plans.deploy` decides, and each of these steps looks again before it acts:

    settle       wait for what goes on in the stack, then observe and plan anew      only if something does
    imports      of the DAG files, tried on this machine                             only where the caller can
    roles        the service-linked roles of ECS and others                          only if a new account lacks them
    pins         digests of the images of other registries                          only what is new, or refreshed
    bootstrap    the bucket for templates, one per account and region
    templates    upload under content hashes
    wake         start what sleeps outside office hours                              only if it sleeps
    provision    change set with services at zero, reviewed, executed, followed      only until services run, or when an
                 ephemeral database is to be another
    client       ends here while an identity provider has no stored OAuth client         only with single sign-on
    image        build and push; its digest is a parameter
    code         upload what changed
    dump         into the new database, by a one-off task                               only if it is to begin with one
    tasks        sync to the file system; at the same time database and admin user
    services     change set with the counts and the image, reviewed, executed, followed
    restart      what Airflow reads only when it starts                              only if that changed
    verify       services, tasks, load balancer and Airflow itself say that they are healthy
    clear        what would be in the way of an environment that deletes itself      only if it does

Another Airflow release in the YAML changes the order: what can fail cheaply comes before the standstill.

    image        also those of releases on the way
    drain        waits for Airflow tasks if that is wanted, then every service goes to zero
    snapshot     of the database, where its kind has some
    provision    the new templates, with services at zero
    code, sync
    database     one task for each hop, by the image of the newer release; then admin, services and verify as above

A deploy that was killed anywhere is completed by running it again.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from compiler.contract import redirect_uris
from compiler.model.template_set import TemplateSet
from deployer.access.fernet_key import refuse_unfit_key
from deployer.aws.session import Session
from deployer.databases.dump_file import DumpFile
from deployer.deployment import Deployment
from deployer.execute import execute
from deployer.inspect import inspect_for_deploy
from deployer.lifetime.ttl import expiry, explain_expiry
from deployer.plans.deploy import plan_deploy
from deployer.plans.observed import Observed
from deployer.plans.plan import Plan
from deployer.plans.upgrade import NOTHING_CHOSEN, DeployChoices
from deployer.progress import Progress
from deployer.record.lease import Lease, given_back, new_lease
from deployer.record.teardown_report import TeardownReport
from deployer.record.times import read_times
from deployer.release.airflow_home import Code, read_code
from deployer.release.image import ImageSource
from deployer.release.left_out import left_out
from deployer.releases.age import tell_older
from deployer.releases.pushers import refuse_other_pushers
from deployer.stacks.statuses import Action, action_of
from deployer.steps.stacks.repair import RepairStack
from deployer.steps.step import Context, DagImports, Facts
from spec.environment import Environment


def deploy(
    env: Environment,
    templates: TemplateSet,
    session: Session,
    *,
    images: ImageSource,
    progress: Progress,
    airflow_home: Path,
    web_url: str | None = None,
    allowed: AbstractSet[str] = frozenset(),
    choices: DeployChoices = NOTHING_CHOSEN,
    dump: DumpFile | None = None,
) -> Deployment:
    """Deploy an environment without a question and return what was made; for the arguments see the functions below."""
    with planned_deploy(
        env,
        templates,
        session,
        progress=progress,
        airflow_home=airflow_home,
        allowed=allowed,
        choices=choices,
        dump=dump,
    ) as first:
        planned = first
        while not planned.plan.final:
            planned = planned.settle(progress)
        return planned.execute(images, progress, web_url)


@dataclass(frozen=True, kw_only=True)
class PlannedDeploy:
    """A deploy that has its plan, and under its lease waits to be executed."""

    env: Environment
    templates: TemplateSet
    session: Session
    code: Code
    allowed: AbstractSet[str]
    choices: DeployChoices
    lease: Lease
    observed: Observed
    plan: Plan
    dump: DumpFile | None

    def settle(self, progress: Progress) -> "PlannedDeploy":
        """Execute a plan that is not final, and return the next one."""
        self._execute(Context(env=self.env, session=self.session, progress=progress, lease=self.lease))
        repaired = any(isinstance(step, RepairStack) for step in self.plan.steps)
        choices = replace(self.choices, repair=self.choices.repair and not repaired)
        observed = _observe(self.env, self.templates, self.session, self.code, choices=choices, dump=self.dump)
        plan = plan_deploy(self.env, self.templates, self.code, observed, allowed=self.allowed, choices=choices)
        return replace(self, choices=choices, observed=observed, plan=replace(plan, known=self.plan.known))

    def execute(
        self, images: ImageSource, progress: Progress, web_url: str | None = None, imports: DagImports | None = None
    ) -> Deployment:
        """Execute a final plan, and return what was made.

        `imports` tries the DAG files before anything is made. `web_url` is where the web server is reached from here
        when that is not the load balancer's address.
        """
        context = Context(
            env=self.env,
            session=self.session,
            progress=progress,
            images=images,
            imports=imports,
            web_url=web_url,
            lease=self.lease,
            drain_minutes=self.choices.drain(self.env),
        )
        return _deployment(context, self._execute(context), self.code)

    def _execute(self, context: Context) -> Facts:
        return execute(self.plan, context, _known(self.observed))


@contextmanager
def planned_deploy(
    env: Environment,
    templates: TemplateSet,
    session: Session,
    *,
    progress: Progress,
    airflow_home: Path,
    allowed: AbstractSet[str] = frozenset(),
    choices: DeployChoices = NOTHING_CHOSEN,
    dump: DumpFile | None = None,
    wait: bool = False,
    unlock: str = "",
    only_look: bool = False,
) -> Iterator[PlannedDeploy]:
    """Plan a deploy under the lease of the environment, which ends with the block; nothing of it is changed.

    With `only_look` there is no lease and nothing is written at all: such a plan is not executed.

    `allowed` names the losses that are meant: logical paths, such as `Database/Instance`, and keys of the YAML,
    `choices` what else somebody said by name. `dump` is what a new database begins with.
    With `wait` it waits for another run; `unlock` is why the lease of that run may be taken over.
    Raises `Refusal` with what, why and the next step.
    """
    with (
        explain_expiry(env, session),
        given_back(new_lease(env, session, "deploy", wait=wait, unlock=unlock)) as lease,
    ):
        progress.phase("preflight", f"account {env.aws.account}, {session.region}")
        if not only_look:
            refuse_other_pushers(env, session)
        code = read_code(airflow_home, env.airflow.ignore_syntax, env.airflow.python)
        for sentence in left_out(airflow_home):
            progress.note(sentence)
        observed = _observe(env, templates, session, code, choices=choices, dump=dump)
        own = observed.account == env.aws.account
        while own and not only_look and lease.take(observed.bootstrap.bucket, progress):
            observed = _observe(env, templates, session, code, choices=choices, dump=dump)
        tell_older(airflow_home, code, observed.released, progress)
        plan = plan_deploy(env, templates, code, observed, allowed=allowed, choices=choices)
        known = read_times(env, session, observed.bootstrap.bucket, "deploy") if own else {}
        yield PlannedDeploy(
            env=env,
            templates=templates,
            session=session,
            code=code,
            allowed=allowed,
            choices=choices,
            lease=lease,
            observed=observed,
            plan=replace(plan, known=known),
            dump=dump,
        )


def _observe(
    env: Environment,
    templates: TemplateSet,
    session: Session,
    code: Code,
    *,
    choices: DeployChoices,
    dump: DumpFile | None,
) -> Observed:
    """Look at AWS, and at the dump where that is still to be read. Raises `Refusal`."""
    observed = inspect_for_deploy(env, templates, session, release=code.release, closely=choices.repair)
    own = observed.account == env.aws.account
    at_rest = observed.deployed is not None or action_of(observed.stack) is Action.CREATE
    if dump is None or not (own and at_rest) or observed.state.dump:
        return observed
    dump.check(env, observed.state)
    refuse_unfit_key(env, session)
    return replace(observed, dump=dump)


def _known(observed: Observed) -> Facts:
    return Facts(
        report=TeardownReport(""),
        stack=observed.deployed,
        bootstrap=observed.bootstrap.outputs,
        state=observed.state,
    )


def _deployment(context: Context, facts: Facts, code: Code) -> Deployment:
    env, outputs = context.env, facts.outputs
    if facts.health is None:
        raise ValueError("A plan of a deploy ends with a look at the environment's health.")
    return Deployment(
        name=env.name,
        url=outputs.url,
        airflow_version=outputs.airflow_version,
        admin_username=env.auth.first_user.username,
        admin_secret=outputs.admin_secret,
        image=f"{outputs.repository_uri}@{facts.image}",
        code_version=code.version,
        changed=facts.changed,
        outputs=outputs,
        health=facts.health,
        redirect_uris=redirect_uris(env),
        expires=expiry(context.session, facts.root),
        errors=tuple(map(str, facts.report_of_dags.errors)) if facts.report_of_dags else (),
    )
