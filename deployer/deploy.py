"""Conducts a deploy; this is the map.

    preflight    reads the code, the account and the stack; changes nothing
    toolkit      the bucket for templates, one per account and region
    templates    upload under content hashes
    wake         what sleeps outside office hours is started                        only if it sleeps
    provision    change set with services at zero, reviewed, executed, followed     only until services run, or when an
                 ephemeral database is to be another
    client       ends here while people are to log in elsewhere and there is no OAuth client for that
    image        build and push; its digest is a parameter
    code         upload what changed
    tasks        sync to the file system; at the same time database and admin user
    services     change set with the counts and the image, reviewed, executed, followed
    verify       services, tasks, load balancer and Airflow itself say that they are healthy
    clear        what would be in the way of an environment that deletes itself     only if it does

Every phase first looks at what is there, so a deploy that was killed anywhere is completed by running it again.
"""

import dataclasses
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from compiler.contract import TEMPLATES_BUCKET, RootParameter, redirect_uris
from compiler.model.template_set import ROOT, TemplateSet
from deployer.access.oauth_client import client_parameter, make_secret, refuse_without_client
from deployer.aws.session import Session
from deployer.aws.stacks import Stack
from deployer.deployment import Deployment
from deployer.health.verify import Health, verify
from deployer.health.wake import wake
from deployer.lifetime.cleanup import clear_for_expiry
from deployer.lifetime.pending_teardown import wait_for_pending_teardown
from deployer.lifetime.ttl import ending, expiry, lifetime_parameters
from deployer.progress import Progress
from deployer.push import attempt, needs_sync, restart, upload
from deployer.record.deploy_state import NOTHING, DeployState, keep_deploy_state, read_deploy_state, write_deploy_state
from deployer.release.airflow_home import Code, read_code, refuse_incomplete, refuse_own_login
from deployer.release.image import ImageSource
from deployer.stacks import replacement_guard
from deployer.stacks.bootstrap import ensure_toolkit
from deployer.stacks.change_sets import Proposal, Target
from deployer.stacks.desired_counts import is_running, parameters, wanted_counts
from deployer.stacks.outputs import Outputs, read_outputs
from deployer.stacks.preflight import check_account, check_owner, check_version
from deployer.stacks.rollout import Rollout, roll_out
from deployer.stacks.tags import stack_tags
from deployer.stacks.upload_templates import UploadedTemplates, publish
from deployer.tasks.database_setup import database_tasks, present_database, starts_empty
from deployer.tasks.one_off_tasks import OneOffTask, sync_task
from spec.environment import Environment

NO_IMAGE = f"sha256:{'0' * 64}"
"""Stands for the image until there is one: nothing starts while services are at zero."""


@dataclass(frozen=True)
class _Run:
    """What every phase needs."""

    env: Environment
    templates: TemplateSet
    session: Session
    progress: Progress
    allowed: AbstractSet[str]
    web_url: str | None


def deploy(
    env: Environment,
    templates: TemplateSet,
    session: Session,
    *,
    images: ImageSource,
    progress: Progress,
    airflow_home: Path,
    web_url: str | None = None,
    allow_replace: AbstractSet[str] = frozenset(),
) -> Deployment:
    """Bring an environment up, or to what its YAML now says.

    `web_url` is where its web server is reached from here when that is not the load balancer's address;
    `allow_replace` names the logical paths, such as `Database/Instance`, whose state may be lost.
    Raises `Refusal` with what, why and the next step.
    """
    with ending(env, session):
        return _deploy(_Run(env, templates, session, progress, allow_replace, web_url), images, airflow_home)


def _deploy(run: _Run, images: ImageSource, airflow_home: Path) -> Deployment:
    env, session, progress = run.env, run.session, run.progress
    progress.phase("preflight", f"account {env.aws.account}, {session.region}")
    code = read_code(airflow_home)
    refuse_incomplete(airflow_home, code, env)
    refuse_own_login(airflow_home, code, env)
    check_account(env, session)
    check_owner(env, session.cloudformation.stack(env.name))
    stack = wait_for_pending_teardown(session, env.name, progress)
    check_version(env, stack)
    if stack is not None:
        replacement_guard.check_templates(session, stack, run.templates, run.allowed)
    progress.phase("toolkit", "the bucket for templates")
    toolkit = ensure_toolkit(session, run.templates, progress)
    progress.phase("templates", f"{len(run.templates.nested) + 1} to {toolkit[TEMPLATES_BUCKET]}")
    published = publish(session, toolkit[TEMPLATES_BUCKET], run.templates, expiring=env.ttl is not None)
    published = published.telling(lifetime_parameters(env, session, stack, published.parameters, toolkit))
    running = stack is not None and is_running(stack) and not starts_empty(env, stack, published)
    if stack and running:
        wake(session, read_outputs(stack), wanted_counts(env.processes, stack), progress)
        make_secret(env, session, stack, published.parameters, progress)
        provisioned = Rollout(stack, changed=False)
    else:
        provisioned = _provision(run, published, stack)
    refuse_without_client(env, session)
    outputs = read_outputs(provisioned.stack)
    progress.phase("image", outputs.repository_uri)
    digest = images.digest(outputs.repository_uri)
    marker = _deliver(run, outputs, code, digest)
    progress.phase("services", "switching on" if not running else "rolling over to what is new")
    rollout = _roll_services(run, published, provisioned.stack, digest)
    outputs = read_outputs(rollout.stack)
    health = _verify(
        run,
        outputs,
        marker,
        code,
        restarts=running and provisioned.stack.parameters.get(RootParameter.IMAGE_DIGEST) == digest,
    )
    clear_for_expiry(env, session, outputs, toolkit[TEMPLATES_BUCKET])
    return Deployment(
        name=env.name,
        url=outputs.url,
        airflow_version=outputs.airflow_version,
        admin_username=env.auth.first_user.username,
        admin_secret=outputs.admin_secret,
        image=f"{outputs.repository_uri}@{digest}",
        code_version=code.version,
        changed=provisioned.changed or rollout.changed,
        outputs=outputs,
        health=health,
        redirect_uris=redirect_uris(env),
        expires=expiry(session, rollout.stack),
    )


def _provision(run: _Run, published: UploadedTemplates, stack: Stack | None) -> Rollout:
    """Make everything but running services."""
    run.progress.phase("provision", "network, database, storage and cluster, with services at zero")
    deployed = stack.parameters if stack else {}
    counts = parameters({process.name: 0 for process in run.env.processes})
    image = {RootParameter.IMAGE_DIGEST: deployed.get(RootParameter.IMAGE_DIGEST, NO_IMAGE)}
    return _roll_out(run, _target(run, published, counts | image), stack)


def _roll_services(run: _Run, published: UploadedTemplates, stack: Stack, digest: str) -> Rollout:
    """Switch services on, or let those that run go over to a new image or template."""
    counts = parameters(wanted_counts(run.env.processes, stack))
    return _roll_out(run, _target(run, published, counts | {RootParameter.IMAGE_DIGEST: digest}), stack)


def _roll_out(run: _Run, target: Target, stack: Stack | None) -> Rollout:
    """Bring the stack to its target; what the marker says outlives that."""
    known = read_deploy_state(run.session, read_outputs(stack)) if stack and stack.outputs else NOTHING
    rollout = roll_out(run.session, target, run.progress, partial(_review, run))
    keep_deploy_state(run.session, read_outputs(rollout.stack), known)
    return rollout


def _target(run: _Run, published: UploadedTemplates, more: Mapping[str, str]) -> Target:
    client = client_parameter(run.env, run.session)
    return Target(
        run.env.name,
        run.templates.files[ROOT],
        {**published.parameters, **client, **more},
        stack_tags(run.env),
        published.root_url,
    )


def _review(run: _Run, proposal: Proposal, stack: Stack | None) -> None:
    replacement_guard.check(
        session=run.session, proposal=proposal, stack=stack, templates=run.templates, allowed=run.allowed
    )


def _deliver(run: _Run, outputs: Outputs, code: Code, digest: str) -> DeployState:
    """Bring code and database to where the services can start; return what is done."""
    session, progress = run.session, run.progress
    progress.phase("code", f"{len(code.files)} files to {outputs.code_bucket}")
    marker = read_deploy_state(session, outputs)
    if run.env.ttl is None or needs_sync(marker, outputs, code):
        upload(session, outputs.code_bucket, code)
    database = present_database(session, outputs)
    done = dataclasses.replace(
        marker,
        airflow_version=run.env.airflow.version,
        database=database,
        image=digest,
        admin=run.env.auth.first_user.username,
        code=code.version,
        file_system=outputs.file_system,
        # The web server of Airflow 2 writes its roles into the database when it starts.
        restart=marker.restart if marker.database == database else "",
    )
    sync = _sync(run, outputs, code, marker)
    hooks = (*sync, *database_tasks(run.env, session, outputs, progress, marker=marker, done=done))
    if not hooks:
        return marker
    attempt(session, outputs, hooks, marker)
    return write_deploy_state(session, outputs, dataclasses.replace(done, run=""))


def _sync(run: _Run, outputs: Outputs, code: Code, marker: DeployState) -> tuple[OneOffTask, ...]:
    if not needs_sync(marker, outputs, code):
        return ()
    run.progress.phase("sync", "bucket to file system")
    return (sync_task(outputs, code.version),)


def _verify(run: _Run, outputs: Outputs, marker: DeployState, code: Code, *, restarts: bool) -> Health:
    """Restart what did not restart by itself, look until all is healthy, and note what the services have read."""
    if restarts and marker.restart != code.restart_version:
        restart(run.env, run.session, outputs, run.progress, run.web_url)
    run.progress.phase("verify", "services, load balancer and Airflow's own word")
    health = verify(run.session, run.env, outputs, run.web_url)
    if marker.restart != code.restart_version:
        write_deploy_state(run.session, outputs, dataclasses.replace(marker, restart=code.restart_version))
    return health
