"""The steps that make a release current, wait until Airflow has parsed it, and clear away old ones."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

from compiler.contract import CODE_PREFIX
from deployer.lifetime.ttl import now
from deployer.release.airflow_home import Code
from deployer.releases.changes import changes_since, hashes_of
from deployer.releases.clear import clear_releases
from deployer.releases.manifest import Manifest, version_of, windsock_version
from deployer.releases.report import ReleaseReport, read_report
from deployer.releases.store import move_pointer, name_of, read_pointer, read_release, release_of, write_release
from deployer.steps.step import Context, Facts, Need

PARSE_SECONDS = 180.0
"""How long a push waits for Airflow."""


@dataclass(frozen=True, kw_only=True)
class PublishRelease:
    """Write the code as a release and make it current; `former` is what the plan knows of the one before."""

    name: ClassVar[str] = "code"
    need: Need
    reason: str
    code: Code = field(repr=False)
    former: Manifest | None = field(default=None, repr=False)

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Look at the bucket, then write what it lacks. Raises `ReleaseRefusal` where somebody is faster."""
        if self.need is Need.NO and context.env.ttl is not None:
            return facts  # the file system has it, and its bucket is empty but for the time of a sync
        session, bucket = context.session, facts.outputs.code_bucket
        pointer = read_pointer(session, bucket)
        if pointer.release == self.code.release:
            return replace(facts, version=pointer.version)
        context.progress.phase(self.name, f"{len(self.code.files)} files as release {self.code.release[:12]}")
        known = self.former is not None and self.former.release == pointer.release  # a release never changes
        before = self.former if known else read_release(session, bucket, pointer.release)
        written = write_release(session, bucket, self.code, self._manifest(context))
        move_pointer(session, bucket, pointer, written.version)
        uploaded = changes_since(before, written.files)
        return replace(facts, version=written.version, uploaded=uploaded, released=True)

    def _manifest(self, context: Context) -> Manifest:
        return Manifest(
            release=self.code.release,
            version=version_of(self.code),
            commit=self.code.commit,
            by=name_of(context.session.caller),
            at=now(context.session).isoformat(),
            airflow=context.env.airflow.version,
            windsock=windsock_version(),
            restart=self.code.restart_version,
            files=hashes_of(self.code),
        )


@dataclass(frozen=True, kw_only=True)
class MakeCurrent:
    """Make a release current that is in the bucket."""

    name: ClassVar[str] = "code"
    need: Need
    reason: str
    manifest: Manifest = field(repr=False)

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Move the pointer. Raises `ReleaseRefusal` where somebody is faster."""
        if self.need is Need.NO:
            return replace(facts, version=self.manifest.version)
        bucket = facts.outputs.code_bucket
        context.progress.phase(self.name, f"back to release {release_of(self.manifest.version)[:12]}")
        move_pointer(context.session, bucket, read_pointer(context.session, bucket), self.manifest.version)
        return replace(facts, version=self.manifest.version, released=True)


@dataclass(frozen=True, kw_only=True)
class AwaitParsed:
    """Wait until the DAG processor has parsed every file of the release that is current now."""

    name: ClassVar[str] = "parse"
    need: Need
    reason: str

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Return what became of it; where nobody says so in time, that is told and ends nothing."""
        if self.need is Need.NO:
            return facts
        session, bucket = context.session, facts.outputs.code_bucket
        wanted = release_of(facts.version)
        context.progress.phase(self.name, "until Airflow has read every file")

        def look() -> ReleaseReport | None:
            found = read_report(session, bucket)
            return found if found and found.parsed and release_of(found.version) == wanted else None

        report = session.clock.until(look, limit=PARSE_SECONDS)
        if report is None:
            context.progress.note(
                f"The DAG processor has not parsed it within {PARSE_SECONDS:.0f} seconds: see `windsock logs`."
            )
        return replace(facts, report_of_dags=report)


@dataclass(frozen=True, kw_only=True)
class ClearReleases:
    """Delete releases that are older than the YAML keeps them and that nothing uses.

    Those that are not `reported` lie on a file system too, which keeps what is used. What an earlier Windsock had in
    the bucket goes with them.
    """

    name: ClassVar[str] = "clear"
    need: ClassVar[Need] = Need.UNKNOWN
    reason: str
    reported: bool = True

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Look at what is there and what runs use, then delete."""
        code, session, bucket = context.env.code, context.session, facts.outputs.code_bucket
        clear_releases(session, bucket, keep=code.keep, keep_days=code.keep_days, reported=self.reported)
        if not self.reported:
            session.s3.delete(bucket, [stored.key for stored in session.s3.objects(bucket, CODE_PREFIX)])
        return facts
