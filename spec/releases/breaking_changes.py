"""What a newer Airflow release takes away or does otherwise, so that DAGs, options or habits may break."""

from collections.abc import Iterator
from dataclasses import dataclass

from packaging.version import Version

_NOTES = "https://airflow.apache.org/docs/apache-airflow/2.11.2/release_notes.html"
_TO_3 = "https://airflow.apache.org/docs/apache-airflow/3.1.0/installation/upgrading_to_airflow3.html"


@dataclass(frozen=True)
class BreakingChange:
    """One change, the first release that has it, and the page of Airflow that says so."""

    since: str
    what: str
    source: str


BREAKING_CHANGES = (
    BreakingChange(
        "2.7.0", "Nobody tests connections in the web interface unless [core] test_connection says so", _NOTES
    ),
    BreakingChange("2.7.0", "The form to trigger a DAG is skipped for DAGs without params", _NOTES),
    BreakingChange("2.8.0", "HTML in the docs and params of DAGs is shown as text", _NOTES),
    BreakingChange("2.9.0", "URIs of datasets are validated and normalised", _NOTES),
    BreakingChange("2.10.0", "A dataset no longer triggers a DAG that was paused when the dataset was updated", _NOTES),
    BreakingChange("3.0.0", "Tasks have no access to the database: they use the task SDK or the REST API", _TO_3),
    BreakingChange("3.0.0", "SubDAGs and SLAs are gone", _TO_3),
    BreakingChange(
        "3.0.0", "execution_date, prev_ds, next_ds, yesterday_ds and tomorrow_ds are no longer in the context", _TO_3
    ),
    BreakingChange("3.0.0", "BashOperator, PythonOperator and others moved to the standard provider", _TO_3),
    BreakingChange("3.0.0", "catchup is off unless a DAG says otherwise", _TO_3),
    BreakingChange("3.0.0", "A cron expression runs at its time, without a data interval, by default", _TO_3),
    BreakingChange("3.0.0", "The REST API is /api/v2; /api/v1 is gone", _TO_3),
)
"""Oldest first; the release notes say more, and `windsock upgrade --check` looks at what you have."""


def changes_between(before: str, after: str) -> Iterator[BreakingChange]:
    """Yield what breaks on the way from one release to a newer one."""
    for change in BREAKING_CHANGES:
        if Version(before) < Version(change.since) <= Version(after):
            yield change
