"""Says which containers report what Airflow made of a release."""

from collections.abc import Iterator

from compiler.contract import SCHEDULER, WORKER
from compiler.model.permission import Permission
from compiler.resources.permissions import report_release
from spec.environment import Environment


def report_permissions(env: Environment, source: str) -> Iterator[Permission]:
    """Yield the right to report, unless the container parses nothing."""
    # With bundles, the DAG processor alone parses; it has the role of commands.
    silent = {WORKER, SCHEDULER} if env.airflow.release.dag_bundles else {WORKER}
    if source not in silent:
        yield report_release(source)
