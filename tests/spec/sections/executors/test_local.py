"""The local executor has no workers and keeps task logs where they are."""

from dataclasses import replace

from spec.releases.table import NEWEST
from spec.sections.executors.local import Local
from tests.spec.minimal import minimal, refused


def test_task_logs_are_remote_only_if_the_yaml_says_so() -> None:
    """With the local executor task logs are on the file system; the YAML may add S3."""
    assert minimal().remote_logs == "none"
    assert minimal(more="logs: {remote: s3}\n").remote_logs == "s3"


def test_workers_are_refused() -> None:
    """The hint names the executor that has workers."""
    fault = refused(more="workers: {cpu: 256, memory: 512}\n")
    assert fault.path == "workers"
    assert "airflow.executor: ecs" in fault.hint
    assert "airflow.policies" in fault.hint


def test_every_release_runs_it() -> None:
    """A release without an ECS executor runs it too."""
    assert list(Local().check_release(replace(NEWEST, ecs=None))) == []
