"""The file system is synced when it may hold something else than the code."""

from deployer.tasks.sync import needs_sync, sync_task
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.observed import CODE
from tests.deployer.fakes.running import Running, behind


def test_other_code_or_another_file_system_needs_a_sync() -> None:
    """The deploy state says what was synced where."""
    outputs = Running().facts().outputs
    assert not needs_sync(behind(), outputs, CODE)
    assert needs_sync(behind(code="older"), outputs, CODE)
    assert needs_sync(behind(file_system="fs-0"), outputs, CODE)


def test_the_task_names_the_code_it_is_about() -> None:
    """A run that comes back with other code does not join the task of the first."""
    outputs = Running().facts().outputs
    assert sync_task(environment(), outputs, "v1") != sync_task(environment(), outputs, "v2")
    assert sync_task(environment(), outputs, "v1").container == "sync"
