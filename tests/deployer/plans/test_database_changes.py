"""What RDS would refuse is refused from the templates alone."""

from dataclasses import replace

import pytest

from compiler.model.template_set import TemplateSet
from deployer.plans.database_changes import (
    DatabaseChangeRefusal,
    EngineUpgrade,
    engine_upgrade,
    lacks_database,
    refuse_other_files,
    successor,
)
from tests.deployer.fakes.environment import environment, template_set
from tests.deployer.fakes.observed import deployed, with_stack

ENV = environment()
ALLOWED = ", AllowMajorVersionUpgrade: true"


def _template(version: str = "16", storage: int = 40, more: str = "") -> str:
    properties = f"{{EngineVersion: '{version}', AllocatedStorage: '{storage}'{more}}}"
    return f"Resources: {{Instance: {{Type: AWS::RDS::DBInstance, Properties: {properties}}}}}\n"


def _wanted(text: str) -> TemplateSet:
    some = template_set()
    return replace(some, files={**some.files, "storage.yaml": text})


def test_another_major_version_is_refused_unless_the_yaml_allows_it() -> None:
    """RDS would refuse it in the middle of the change set, and the stack would roll back."""
    with pytest.raises(DatabaseChangeRefusal, match="runs 16, and the YAML says 17") as refusal:
        engine_upgrade(ENV, {"Storage": _template()}, _wanted(_template("17")))
    assert 'add "allow_major_version_upgrade: true" below it' in refusal.value.next_step
    found = engine_upgrade(
        ENV, {"Storage": _template(), "Network": "Resources: {}\n"}, _wanted(_template("17", more=ALLOWED))
    )
    assert found == EngineUpgrade(title="PostgreSQL", before="16", after="17", others=("Network",))
    assert str(found) == "PostgreSQL 16 -> 17"


def test_an_older_major_version_is_always_refused() -> None:
    """Whatever the YAML allows; numbers are compared as such."""
    for version in ("15", "9"):
        with pytest.raises(DatabaseChangeRefusal, match=f"says {version}. RDS has no way back to an older one"):
            engine_upgrade(ENV, {"Storage": _template()}, _wanted(_template(version, more=ALLOWED)))


def test_less_storage_is_refused() -> None:
    """RDS takes none back."""
    with pytest.raises(DatabaseChangeRefusal, match=r"storage_gb: it has 40 GiB, and the YAML says 20"):
        engine_upgrade(ENV, {"Storage": _template()}, _wanted(_template(storage=20)))


def test_what_rds_can_do_is_no_matter() -> None:
    """More storage, a minor version, and an instance that is to go: the replacement guard speaks of that one."""
    assert engine_upgrade(ENV, {"Storage": _template()}, _wanted(_template("16.4", 80))) is None
    assert engine_upgrade(ENV, {"Storage": _template()}, _wanted("Resources: {}\n")) is None
    assert engine_upgrade(ENV, {"Gone": _template()}, _wanted("Resources: {}\n")) is None


def _files(version: str, logical_id: str = "DatabaseAccessPoint") -> str:
    root = f"{{RootDirectory: {{Path: /database-mysql-{version}}}}}"
    return f"Resources: {{{logical_id}: {{Type: AWS::EFS::AccessPoint, Properties: {root}}}}}\n"


def test_another_version_of_a_server_in_a_container_is_refused() -> None:
    """With the way to bring the data over; the path of its files, allowed by name, lets it begin empty, at rest."""
    section = 'database: {kind: container, engine: mysql, version: "8.4"}\n'
    env = environment(**{"2.5.3": "3.3.2", '"3.10"': '"3.12"', "name: demo\n": f"{section}name: demo\n"})
    before, path = {"Storage": _files("8.0")}, "Storage/DatabaseAccessPoint"
    with pytest.raises(
        DatabaseChangeRefusal, match=r"in /database-mysql-8\.0, and MySQL 8\.4 begins without"
    ) as refusal:
        refuse_other_files(env, before, _wanted(_files("8.4")), frozenset())
    assert "windsock tunnel" in refusal.value.next_step
    assert f"--allow-replace {path}" in refusal.value.next_step
    refuse_other_files(env, before, _wanted(_files("8.4")), frozenset({path}))
    refuse_other_files(env, before, _wanted(_files("8.0")), frozenset())
    observed, inside = (
        deployed(),
        {"DatabaseInstance": "", "DatabaseAccessPoint": "fsap-1", "DatabaseService": "Database"},
    )
    assert observed.stack is not None
    seen = replace(with_stack(observed, outputs={**observed.stack.outputs, **inside}), nested_templates=before)
    assert lacks_database(env, seen, _wanted(_files("8.4")), changes=False)
    assert not lacks_database(env, seen, _wanted(_files("8.0")), changes=False)
    other = {"Storage": _files("8.0", "CodeAccessPoint")}
    refuse_other_files(env, other, _wanted(_files("8.4", "CodeAccessPoint")), frozenset())


def _outputs(instance: str) -> str:
    return f"{_template()}Outputs: {{DatabaseInstance: {{Value: !Ref {instance}}}}}\n"


def test_another_instance_takes_the_place_of_the_deployed_one() -> None:
    """By the output that names the database; neither a first instance nor the same one does."""
    assert successor({"Storage": _outputs("Instance")}, _wanted(_outputs("Instance2"))) == "Storage/Instance2"
    assert successor({"Storage": _outputs("Instance2")}, _wanted(_outputs("Instance"))) == "Storage/Instance"
    assert successor({"Storage": _outputs("Instance")}, _wanted(_outputs("Instance"))) == ""
    assert successor({"Storage": "Resources: {}\n"}, _wanted(_outputs("Instance"))) == ""
    assert successor({"Gone": _outputs("Instance")}, _wanted("Resources: {}\n")) == ""


@pytest.mark.parametrize(
    ("host", "deployed_at", "lacks"),
    [
        ("db.example.com", "db.example.com:5432/airflow", False),
        ("new.example.com", "db.example.com:5432/airflow", True),
        ("db.example.com", "", True),
    ],
)
def test_another_database_is_initialised_before_services_start(host: str, deployed_at: str, *, lacks: bool) -> None:
    """Another host is another database, and so is one outside in the place of an instance."""
    section = f'database: {{kind: external, version: "15", host: {host}, password: {{secret: demo/database}}}}\n'
    env = environment(**{"name: demo\n": f"{section}name: demo\n"})
    observed = deployed()
    assert observed.stack is not None
    outside = {"DatabaseInstance": "", "ExternalDatabase": deployed_at} if deployed_at else {}
    seen = with_stack(observed, outputs={**observed.stack.outputs, **outside})
    assert lacks_database(env, seen, template_set(), changes=False) is lacks
