"""The executor `local`: Airflow tasks run in the scheduler's container."""

from collections.abc import Iterator

from spec.releases.airflow_options import Config
from spec.releases.table import Release
from spec.section import Violation
from spec.sections.logs import Remote


class Local:
    """Airflow's LocalExecutor."""

    has_workers = False
    processes_run_tasks = True
    remote_logs: Remote = "none"

    def config(self, _release: Release, /) -> Config:
        """Return no options: the release table selects this executor."""
        return {}

    def check_release(self, _release: Release, /) -> Iterator[Violation]:
        """Yield why this Airflow release cannot run it: every release can."""
        return iter(())

    def check_workers(self) -> Iterator[Violation]:
        """Yield why there can be no section `workers`: nothing would run in them."""
        yield Violation(
            "there are no workers with executor: local",
            "set airflow.executor: ecs, or remove this section; what DAGs may do in AWS is airflow.policies",
        )

    def check_logs(self, _remote: Remote | None, /) -> Iterator[Violation]:
        """Yield why task logs cannot be kept at a place: every place will do."""
        return iter(())
