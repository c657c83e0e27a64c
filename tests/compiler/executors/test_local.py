"""Promises of the local executor: it adds nothing."""

from troposphere import Template

from compiler.executors.roster import executor_of
from compiler.model.stack import StackBuilder
from spec.releases.table import NEWEST
from tests.spec.minimal import minimal


def test_the_local_executor_needs_nothing_of_aws() -> None:
    """No role, no variable, no task definition."""
    executor, stack = executor_of(minimal()), StackBuilder(name="platform", template=Template())
    executor.build(stack)
    assert (executor.variables(stack), executor.workers) == ({}, ())
    for process in NEWEST.processes.values():
        assert executor.role_of(process) is None
        assert not executor.ends_tasks(process)
    assert not list(executor.permissions())
    assert not stack.template.resources
