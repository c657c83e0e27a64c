"""Conducts a teardown; this is the map.

unprotect    only when protected and told so: the same environment, compiled without protection, services at zero
drain        services to zero, tasks stopped, while
empty        the buckets and repositories that go with the stack lose what is in them
delete       the root stack, followed, tried again when a part resists
clear        what CloudFormation leaves: revisions of task definitions, log groups written by AWS, templates, toolkit

Before anything is lost, a note of what is to be cleared goes to the templates bucket: a teardown that was killed
anywhere is completed by running it again, and a deploy waits until the note is gone.
"""

from collections.abc import Mapping

from compiler.contract import BOOTSTRAP_STACK, EXPIRING_PREFIX, PerProcess, RootOutput, template_prefix
from compiler.model.template_set import ROOT, TemplateSet
from deployer.aws.session import Session
from deployer.aws.stacks import STACK_TYPE, Stack
from deployer.lifetime.drain import begin_drain, finish_drain
from deployer.list_environments import root_stacks
from deployer.progress import Progress
from deployer.record.owned_resources import OwnedResources, find_owned_resources, read_note, write_note
from deployer.record.teardown_report import ReportWriter, TeardownReport
from deployer.stacks.bootstrap import find_templates_bucket
from deployer.stacks.change_sets import Target
from deployer.stacks.events import Outcome, follow, start_of_operation
from deployer.stacks.preflight import check_account, check_owner
from deployer.stacks.rollout import delete, failure, roll_out
from deployer.stacks.statuses import is_over
from deployer.stacks.tags import stack_tags
from deployer.stacks.upload_templates import publish
from spec.environment import Environment
from spec.errors import Refusal

_DELETIONS = 3
"""How often a deletion is tried: a late log writer or a network interface may hold up the first."""


class ProtectionRefusal(Refusal):
    """The environment is protected."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is protected; nothing was changed.",
            why="Its database, file system, bucket, images, secrets and logs would be lost.",
            next_step=f"If that is meant, run teardown with --unprotect {name}",
        )


def teardown(
    env: Environment,
    session: Session,
    *,
    progress: Progress,
    unprotect: str | None = None,
    unprotected: TemplateSet | None = None,
) -> TeardownReport:
    """Delete an environment and say what was deleted and what was kept.

    A protected one is refused unless `unprotect` is its name; `unprotected` are then its templates compiled with
    `protect: false`. An environment that does not exist gives an empty receipt.
    """
    progress.phase("preflight", f"account {env.aws.account}, {session.region}")
    check_account(env, session)
    ledger = ReportWriter(env.name)
    bucket = find_templates_bucket(session)
    stack = _at_rest(session, env.name, progress, ledger)
    estate = (read_note(session, bucket, env.name) if bucket else None) or OwnedResources()
    check_owner(env, stack)
    if stack is not None:
        if _is_protected(env, stack):
            if unprotect != env.name or unprotected is None:
                raise ProtectionRefusal(env.name)
            _unprotect(env, session, progress, stack, unprotected)
        estate = estate.merged(find_owned_resources(session, stack.id))
        if bucket:
            write_note(session, bucket, env.name, estate)
        _empty(session, progress, estate, ledger)
        _delete(session, progress, stack, ledger)
    _clear(session, progress, estate, ledger)
    if bucket:
        _clear_templates(session, progress, bucket, env.name, ledger)
    return ledger.receipt()


def _at_rest(session: Session, name: str, progress: Progress, ledger: ReportWriter) -> Stack | None:
    stack = session.cloudformation.stack(name)
    while stack is not None and not is_over(stack.status) and stack.status != "REVIEW_IN_PROGRESS":
        progress.note(f"Stack {name} is {stack.status}; waiting for it to come to rest.")
        outcome = follow(session, stack.id, start_of_operation(session, stack.id), progress)
        if outcome.status == "DELETE_COMPLETE":
            _enter(outcome, name, ledger)
        stack = session.cloudformation.stack(name)
    return stack


def _is_protected(env: Environment, stack: Stack) -> bool:
    # A stack that never came up has no outputs; then the YAML says how its parts were made.
    return stack.outputs.get(RootOutput.PROTECT, str(env.protect).lower()) == "true"


def _unprotect(env: Environment, session: Session, progress: Progress, stack: Stack, unprotected: TemplateSet) -> None:
    progress.phase("unprotect", "the same environment without protection, services at zero")
    bucket = find_templates_bucket(session)
    if bucket is None:
        raise Refusal(
            f"There is no {BOOTSTRAP_STACK} stack in {session.region}, without which protection cannot be taken off.",
            next_step="Run `windsock deploy` once, which makes it again.",
        )
    published = publish(session, bucket, unprotected)
    parameters = {**_without_processes(stack.parameters), **published.parameters}
    target = Target(env.name, unprotected.files[ROOT], parameters, stack_tags(env), published.root_url)
    roll_out(session, target, progress)


def _without_processes(parameters: Mapping[str, str]) -> dict[str, str]:
    return {key: "0" if key.endswith(PerProcess.COUNT) else value for key, value in parameters.items()}


def _empty(session: Session, progress: Progress, estate: OwnedResources, ledger: ReportWriter) -> None:
    progress.phase("drain", "services to zero, tasks stopped")
    begin_drain(session, estate)
    for bucket in estate.buckets:
        if session.s3.exists(bucket):
            ledger.deleted("objects", bucket, f"{session.s3.purge(bucket)} versions")
    for repository in estate.repositories:
        if count := session.ecr.empty(repository):
            ledger.deleted("images", repository, f"{count} images")
    finish_drain(session, estate, progress)


def _delete(session: Session, progress: Progress, stack: Stack, ledger: ReportWriter) -> None:
    progress.phase("delete", f"stack {stack.name}")
    outcome = _delete_once(session, progress, stack)
    for _ in range(_DELETIONS - 1):
        if outcome.status == "DELETE_COMPLETE":
            break
        progress.note(str(failure(session, outcome)))
        for bucket in find_owned_resources(session, stack.id).buckets:
            if session.s3.exists(bucket):
                session.s3.purge(bucket)
        outcome = _delete_once(session, progress, stack)
    if outcome.status != "DELETE_COMPLETE":
        raise failure(session, outcome)
    _enter(outcome, stack.name, ledger)


def _enter(outcome: Outcome, name: str, ledger: ReportWriter) -> None:
    gone = sum(event.status == "DELETE_COMPLETE" and event.type != STACK_TYPE for event in outcome.events)
    ledger.deleted("stack", name, f"{gone} resources")
    for event in outcome.raw:
        if event.status == "DELETE_SKIPPED":
            ledger.kept(event.type, (event.physical_id,), "its deletion policy retains it")


def _delete_once(session: Session, progress: Progress, stack: Stack) -> Outcome:
    return delete(session, stack.id, progress, token=f"teardown-{int(session.clock.now() * 1000)}")


def _clear(session: Session, progress: Progress, estate: OwnedResources, ledger: ReportWriter) -> None:
    progress.phase("clear", "what CloudFormation leaves behind")
    for family in estate.families:
        if count := session.ecs.forget(family):
            ledger.deleted("task definitions", family, f"{count} of its revisions")
    prefixes = [f"/aws/rds/instance/{database}/" for database in estate.databases]
    prefixes += [f"/aws/ecs/containerinsights/{cluster}/" for cluster in estate.clusters]
    groups = [group for prefix in prefixes for group in session.logs.groups(prefix)]
    # A container that still wrote while its log group was deleted has made it again.
    for group in (*groups, *estate.log_groups):
        if session.logs.delete_group(group):
            ledger.deleted("log group", group)
    for database in estate.databases:
        ledger.kept("database snapshot", session.rds.snapshots(database), "the database can be restored from it")


def _clear_templates(session: Session, progress: Progress, bucket: str, name: str, ledger: ReportWriter) -> None:
    progress.phase("templates", bucket)
    for prefix in (template_prefix(name, expiring=False), template_prefix(name, expiring=True)):
        if count := session.s3.purge(bucket, prefix):
            ledger.deleted("templates", f"{bucket}/{prefix}", f"{count} versions")
    others = {stored.key.removeprefix(EXPIRING_PREFIX).partition("/")[0] for stored in session.s3.objects(bucket)}
    others |= {stack.name for stack in root_stacks(session) if stack.name != name}
    if others or not session.s3.is_empty(bucket):
        ledger.kept("stack", (BOOTSTRAP_STACK,), f"other environments use it: {', '.join(sorted(others))}")
        return
    toolkit = session.cloudformation.stack(BOOTSTRAP_STACK)
    if toolkit is None:
        return
    outcome = _delete_once(session, progress, toolkit)
    if outcome.status == "DELETE_COMPLETE":
        _enter(outcome, BOOTSTRAP_STACK, ledger)
    else:  # its bucket is not emptied for that: what came into it meanwhile is somebody else's
        ledger.kept("stack", (BOOTSTRAP_STACK,), "another environment began to use its bucket meanwhile")
