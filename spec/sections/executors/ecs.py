"""The executor `ecs`: each Airflow task runs in a Fargate task of its own."""

from collections.abc import Iterator

from spec.releases.airflow_options import Config
from spec.releases.table import RELEASES, Release
from spec.section import Violation
from spec.sections.logs import Remote


class Ecs:
    """The Amazon provider's AwsEcsExecutor."""

    has_workers = True
    processes_run_tasks = False
    remote_logs: Remote = "cloudwatch"

    def config(self, release: Release, /) -> Config:
        """Return the options of airflow.cfg that select it and that it needs."""
        if release.ecs is None:
            return {}
        core = {"executor": release.ecs.executor, **release.ecs.config.get("core", {})}
        return {**release.ecs.config, "core": core}

    def check_release(self, release: Release, /) -> Iterator[Violation]:
        """Yield why this Airflow release cannot run it: its provider has no such executor."""
        if release.ecs is None:
            able = ", ".join(each.version for each in RELEASES.values() if each.ecs)
            message = f"Airflow {release.version} cannot run its tasks as ECS tasks"
            yield Violation(message, f"use executor: local, or a release that can: {able}")

    def check_workers(self) -> Iterator[Violation]:
        """Yield why there can be no section `workers`: this executor always has workers."""
        return iter(())

    def check_logs(self, remote: Remote | None, /) -> Iterator[Violation]:
        """Yield why task logs cannot be kept at `remote`: the log of a worker ends with it."""
        if remote == "none":
            yield Violation(
                "the web interface could not show what an ended worker logged",
                "executor: ecs goes with remote: cloudwatch or remote: s3",
                ("remote",),
            )
