"""The delivery `release`: each push is an immutable release in the bucket, which containers fetch by themselves."""

from collections.abc import Iterator

from pydantic import JsonValue  # noqa: TC002  # pydantic is imported anyway

from spec.releases.airflow_options import Config
from spec.releases.table import Release
from spec.section import Violation
from spec.sections.logs import Remote

BUNDLE = "dags-folder"
"""The name of Airflow's own default bundle: DAGs keep their history when the delivery changes."""

REFRESH_SECONDS = 4
CHECK_SECONDS = 2
"""How often the DAG processor asks the bucket for the current release, and how often it looks whether it is time."""

LIST_SECONDS = 5
"""How often Airflow 2 lists the DAG files; on a disk of its own that costs nothing."""

COMMIT = "{commit}"
_COMMIT_PART = "{version:.40}"
"""A version begins with the 40 digits of its commit, where there is one."""


class Releases:
    """Immutable releases, named by the hash of their content."""

    remote_logs: Remote | None = "cloudwatch"
    keeps_modes = True

    def config(self, release: Release, commit_url: str | None, /) -> Config:
        """Return the options that make Airflow take its DAGs from Windsock's bundle, or list its folder often."""
        if not release.dag_bundles:
            return {"scheduler": {"dag_dir_list_interval": LIST_SECONDS}}
        link: dict[str, JsonValue] = (
            {"view_url_template": commit_url.replace(COMMIT, _COMMIT_PART)} if commit_url else {}
        )
        bundle: dict[str, JsonValue] = {
            "name": BUNDLE,
            "classpath": "windsock_runtime.release_bundle.ReleaseBundle",
            "kwargs": {"refresh_interval": REFRESH_SECONDS, **link},
        }
        return {"dag_processor": {"dag_bundle_config_list": [bundle], "bundle_refresh_check_interval": CHECK_SECONDS}}

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
