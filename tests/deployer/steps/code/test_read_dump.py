"""A new database gets its dump by a task of its own, and nothing of the dump stays in the bucket."""

import json
from pathlib import Path

import pytest

from deployer.databases.dump_file import DumpFile
from deployer.record.deploy_state import DeployState
from deployer.steps.code.read_dump import ReadDump
from deployer.steps.step import Facts
from deployer.tasks.one_off_tasks import OneOffTaskFailure
from tests.deployer.fakes.environment import template_set
from tests.deployer.fakes.observed import IMAGE
from tests.deployer.fakes.running import Running


@pytest.fixture
def dump(tmp_path: Path) -> DumpFile:
    """Return a dump."""
    (tmp_path / "airflow.sql").write_bytes(b"-- PostgreSQL database dump\n")
    return DumpFile(tmp_path / "airflow.sql")


def _execute(running: Running, dump: DumpFile) -> Facts:
    step = ReadDump(reason="the database is to begin with it", dump=dump, templates=template_set())
    return step.execute(running.context, running.facts(image=IMAGE, state=DeployState()))


def test_a_task_reads_what_was_uploaded(dump: DumpFile) -> None:
    """By the new image; then the bucket has it no more, and the deploy state says which it was."""
    running = Running()
    facts = _execute(running, dump)
    s3 = running.world.session.s3
    ((definition, script),) = running.world.session.ecs.runs
    (container,) = running.world.session.ecs.definitions[definition]["containerDefinitions"]
    assert container["image"].endswith(f"@{IMAGE}")
    assert f"windsock_runtime.database_dump.read code {dump.key}" in script
    assert dump.key in s3.puts
    assert dump.key not in s3.buckets["code"]
    assert facts.state.dump == json.loads(running.stored())["dump"] == dump.content
    assert facts.state.database == ""


def test_a_task_that_fails_leaves_no_dump_behind(dump: DumpFile) -> None:
    """The next run uploads it again; the deploy state names none."""
    running = Running()
    running.world.session.ecs.exits = {"arn:aws:ecs:us-west-2:123456789012:task-definition/command:3": 1}
    with pytest.raises(OneOffTaskFailure, match="dump task failed"):
        _execute(running, dump)
    assert dump.key not in running.world.session.s3.buckets["code"]
    assert json.loads(running.stored())["dump"] == ""
