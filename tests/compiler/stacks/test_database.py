"""Promises of the stack: one database, as an instance or as a container, never both."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

INSTANCE = "AWS::RDS::DBInstance"


def test_the_kind_decides_the_resources(instance: Case, container: Case) -> None:
    """An instance brings RDS resources, a container a service; neither has resources of the other."""
    assert instance.resources(INSTANCE)
    assert "DatabaseService" not in instance.resources("AWS::ECS::Service")
    assert not container.resources(INSTANCE)
    assert "DatabaseService" in container.resources("AWS::ECS::Service")


def test_services_depend_on_the_database_container(instance: Case, container: Case) -> None:
    """They start after it and end before it; an instance they reference by its address."""
    assert container.parsed["root.yaml"]["Resources"]["Services"]["DependsOn"] == ["Database"]
    assert "Database" not in instance.parsed["root.yaml"]["Resources"]["Services"].get("DependsOn", ())
