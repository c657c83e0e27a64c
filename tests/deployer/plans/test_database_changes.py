"""What RDS would refuse is refused from the templates alone."""

from dataclasses import replace

import pytest

from compiler.model.template_set import TemplateSet
from deployer.plans.database_changes import DatabaseChangeRefusal, refuse_database_changes
from tests.deployer.fakes.environment import template_set


def _template(version: str = "16", storage: int = 40) -> str:
    properties = f"{{EngineVersion: '{version}', AllocatedStorage: '{storage}'}}"
    return f"Resources: {{Instance: {{Type: AWS::RDS::DBInstance, Properties: {properties}}}}}\n"


def _wanted(text: str) -> TemplateSet:
    some = template_set()
    return replace(some, files={**some.files, "storage.yaml": text})


def test_another_major_version_is_refused_in_both_directions() -> None:
    """RDS would refuse it in the middle of the change set, and the stack would roll back."""
    for version in ("17", "15"):
        with pytest.raises(DatabaseChangeRefusal, match=rf"runs 16, and the YAML says {version}"):
            refuse_database_changes("demo", {"Storage": _template()}, _wanted(_template(version)))


def test_less_storage_is_refused() -> None:
    """RDS takes none back."""
    with pytest.raises(DatabaseChangeRefusal, match=r"storage_gb: it has 40 GiB, and the YAML says 20"):
        refuse_database_changes("demo", {"Storage": _template()}, _wanted(_template(storage=20)))


def test_what_rds_can_do_is_no_matter() -> None:
    """More storage, a minor version, and an instance that is to go: the replacement guard speaks of that one."""
    refuse_database_changes("demo", {"Storage": _template()}, _wanted(_template("16.4", 80)))
    refuse_database_changes("demo", {"Storage": _template()}, _wanted("Resources: {}\n"))
    refuse_database_changes("demo", {"Gone": _template()}, _wanted("Resources: {}\n"))
