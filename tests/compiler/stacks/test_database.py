"""Promises of the stack: one database, as an instance or as a container, never both."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

INSTANCE = "AWS::RDS::DBInstance"


def test_the_kind_decides_what_is_drawn(instance: Case, container: Case) -> None:
    """An instance brings what is known of RDS, a container a service; what the other kind needs is not there."""
    assert instance.resources(INSTANCE)
    assert "DatabaseService" not in instance.resources("AWS::ECS::Service")
    assert not container.resources(INSTANCE)
    assert "DatabaseService" in container.resources("AWS::ECS::Service")


def test_processes_wait_for_a_container_that_they_take_nothing_of(instance: Case, container: Case) -> None:
    """They start behind it and end before it; an instance they wait for because of its address."""
    assert container.parsed["root.yaml"]["Resources"]["Services"]["DependsOn"] == ["Database"]
    assert "Database" not in instance.parsed["root.yaml"]["Resources"]["Services"].get("DependsOn", ())
