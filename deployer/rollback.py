"""Goes back to an earlier release of the code, and lists the releases that there are."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from deployer.aws.session import Session
from deployer.execute import execute
from deployer.inspect import inspect_for_push
from deployer.plans.observed import Observed
from deployer.plans.rollback import choose_release, plan_rollback, refuse_without_releases
from deployer.progress import Progress
from deployer.record.lease import Lease, LeaseHeld, given_back, new_lease
from deployer.record.teardown_report import TeardownReport
from deployer.release.upload_code import Uploaded
from deployer.releases.changes import changes_since
from deployer.releases.manifest import Manifest
from deployer.releases.pushers import refuse_other_pushers
from deployer.releases.report import ReleaseReport, read_report
from deployer.releases.store import ReleaseRefusal, read_release, release_of, releases
from deployer.stacks.bootstrap import find_templates_bucket
from deployer.stacks.outputs import Outputs, read_outputs
from deployer.steps.step import Context, Facts
from spec.environment import Environment


@dataclass(frozen=True, kw_only=True)
class KnownRelease:
    """A release in the bucket: whether it is current, and how many runs use it that are not over."""

    manifest: Manifest
    current: bool
    runs: int


@dataclass(frozen=True, kw_only=True)
class RolledBack:
    """What a rollback did, or would do; `changes` are files against the release that was current."""

    manifest: Manifest
    changes: Uploaded
    report: ReleaseReport | None = None
    restarted: bool = False


def list_releases(env: Environment, session: Session) -> tuple[KnownRelease, ...]:
    """Return the releases of an environment, the newest first. Raises `ReleaseRefusal` where it keeps none."""
    observed = inspect_for_push(env, session)
    refuse_without_releases(env, observed)
    bucket = _outputs(observed).code_bucket
    report = read_report(session, bucket)
    runs: Counter[str] = Counter()
    for version, count in report.runs.items() if report else ():
        runs[release_of(version)] += count  # a commit may stand before the release, or not
    found = (
        KnownRelease(
            manifest=manifest,
            current=manifest.release == observed.pointer.release,
            runs=runs[manifest.release],
        )
        for manifest in _manifests(session, bucket)
    )
    return tuple(sorted(found, key=lambda one: one.manifest.at, reverse=True))


def rollback(  # what a verb says, each by its name
    env: Environment,
    session: Session,
    *,
    progress: Progress,
    release: str = "",
    web_url: str | None = None,
    dry_run: bool = False,
    wait: bool = False,
) -> RolledBack:
    """Make an earlier release current: the one that `release` begins, or the one before.

    With `wait` it waits for another run. Raises `ReleaseRefusal` where there is none, or somebody is faster.
    """
    if not dry_run:
        refuse_other_pushers(env, session)
    with given_back(new_lease(env, session, "rollback", wait=wait)) as lease:
        held = None if dry_run else take_lease(env, session, lease, progress)
        observed = inspect_for_push(env, session)
        manifest = _chosen(env, session, observed, release)
        changes = changes_since(observed.released, manifest.files)
        if dry_run:
            return RolledBack(manifest=manifest, changes=changes)
        context = Context(env=env, session=session, progress=progress, web_url=web_url, lease=lease)
        known = Facts(report=TeardownReport(env.name), stack=observed.stack, state=observed.state)
        facts = execute(plan_rollback(env, manifest, observed, held), context, known)
    return RolledBack(manifest=manifest, changes=changes, report=facts.report_of_dags, restarted=facts.restarted)


def _chosen(env: Environment, session: Session, observed: Observed, release: str) -> Manifest:
    refuse_without_releases(env, observed)
    bucket = _outputs(observed).code_bucket
    chosen = choose_release(release, release_of(observed.pointer.previous), tuple(releases(session, bucket)))
    manifest = read_release(session, bucket, chosen)
    if manifest is None:
        raise ReleaseRefusal(f"Release {chosen} is gone.", why="Somebody cleared it away just now.")
    return manifest


def take_lease(env: Environment, session: Session, lease: Lease, progress: Progress) -> LeaseHeld | None:
    """Take the lease, or return what says that another run has it: code may change meanwhile, services may not."""
    if session.account != env.aws.account:
        return None
    try:
        lease.take(find_templates_bucket(session) or "", progress)
    except LeaseHeld as held:
        return held
    return None


def _manifests(session: Session, bucket: str) -> Iterator[Manifest]:
    for name in releases(session, bucket):
        manifest = read_release(session, bucket, name)
        if manifest is not None:
            yield manifest


def _outputs(observed: Observed) -> Outputs:
    if observed.stack is None:
        raise ValueError("It was refused before that nothing is deployed.")
    return read_outputs(observed.stack)
