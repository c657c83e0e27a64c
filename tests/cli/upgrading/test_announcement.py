"""Before somebody says yes to an upgrade they read what it means."""

from dataclasses import replace

from cli.upgrading.announcement import announcement
from deployer.plans.database_changes import EngineUpgrade
from deployer.plans.upgrade import DeployChoices, plan_upgrade
from spec.environment import Environment
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.observed import deployed
from tests.deployer.fakes.running import behind

NEWEST = {"2.5.3": "3.3.2", '"3.10"': '"3.12"'}


def _lines(env: Environment, version: str = "2.5.3") -> str:
    observed = replace(deployed(), state=behind(airflow_version=version))
    upgrade = plan_upgrade(env, observed, DeployChoices(allow_downgrade=True))
    assert upgrade is not None
    return "\n".join(announcement("demo", upgrade))


def test_it_names_hops_what_breaks_minutes_and_the_way_back() -> None:
    """With the pages of Airflow that say so."""
    said = _lines(environment(**NEWEST))
    assert said.startswith("demo comes from Airflow 2.5.3 -> 2.11.2 -> 3.3.2.")
    assert "2.5.3 -> 2.11.2 brings, since 2.7.0, 2.8.0, 2.9.0, 2.10.0:" in said
    assert "  - SubDAGs and SLAs are gone" in said
    assert "https://airflow.apache.org/docs/" in said
    assert "Nothing runs for about 19 minutes" in said
    assert "set airflow.version to 2.5.3 again, compile, and `windsock deploy --allow-downgrade`; a snapshot" in said


def test_the_way_back_from_a_downgrade_needs_no_flag() -> None:
    """It is an upgrade."""
    said = _lines(environment(), "3.3.2")
    assert "3.3.2 -> 2.11.2 takes back, since 3.0.0:" in said
    assert "set airflow.version to 3.3.2 again, compile, and `windsock deploy`;" in said


def test_a_newer_engine_has_no_way_back_but_the_snapshot() -> None:
    """Whoever says yes has read so."""
    engine = EngineUpgrade(title="PostgreSQL", before="16", after="17")
    upgrade = plan_upgrade(environment(), deployed(), engine=engine)
    assert upgrade is not None
    said = "\n".join(announcement("demo", upgrade))
    assert said.startswith("demo comes from PostgreSQL 16 -> 17.\nNothing runs for about 30 minutes")
    assert "RDS has none from 17 to 16; a snapshot holds the database as it is now." in said


def test_another_instance_leaves_the_former_one() -> None:
    """It costs money until the YAML says otherwise."""
    upgrade = plan_upgrade(environment(), deployed(), successor="Database/Instance2")
    assert upgrade is not None
    said = "\n".join(announcement("demo", upgrade))
    assert said.startswith("demo goes on with another instance, Database/Instance2.")
    assert "The former instance stays as it is, and is paid, as long as the YAML has it." in said
