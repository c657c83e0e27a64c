"""The delivery `release`: each push is an immutable release in the bucket, which containers fetch by themselves."""

from collections.abc import Iterator

from spec.releases.airflow_options import Config
from spec.releases.table import Release
from spec.section import Violation
from spec.sections.deliveries.bundle import bundle_options
from spec.sections.logs import Remote

LIST_SECONDS = 5
"""How often Airflow 2 lists the DAG files; on a disk of its own that costs nothing."""


class Releases:
    """Immutable releases, named by the hash of their content."""

    remote_logs: Remote | None = "cloudwatch"
    shares_files = False

    def config(self, release: Release, commit_url: str | None, /) -> Config:
        """Return the options that make Airflow take its DAGs from Windsock's bundle, or list its folder often."""
        if not release.dag_bundles:
            return {"scheduler": {"dag_dir_list_interval": LIST_SECONDS}}
        return bundle_options(commit_url)

    def check_surroundings(self, remote: Remote | None, /, *, expires: bool) -> Iterator[Violation]:
        """Yield why it does not fit: a task's log would end with its container, or a bucket would hold up an expiry."""
        if remote == "none":
            yield Violation(
                "without a file system the log of a task ends with its container",
                "choose remote: cloudwatch or remote: s3, or code.delivery: efs",
                ("logs", "remote"),
            )
        if expires:
            yield Violation(
                "the bucket of the releases would never be empty, and CloudFormation deletes no other",
                "choose delivery: efs, or remove ttl",
                ("code", "delivery"),
            )
