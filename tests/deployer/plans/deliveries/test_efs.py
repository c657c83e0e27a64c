"""The file system gets the code unless it holds it."""

from dataclasses import replace

from deployer.plans.deliveries.efs import tasks
from deployer.steps.step import Need
from tests.deployer.fakes.observed import CODE, absent, deployed


def test_a_sync_is_planned_unless_the_file_system_holds_the_code() -> None:
    """Code of another file system does not count."""
    observed = deployed()
    assert list(tasks(CODE, observed)) == []
    other = replace(observed, state=replace(observed.state, file_system="fs-0"))
    assert [task.need for task in tasks(CODE, other)] == [Need.YES]
    assert [task.need for task in tasks(CODE, absent())] == [Need.YES]
