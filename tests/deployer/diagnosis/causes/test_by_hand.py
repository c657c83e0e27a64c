"""What somebody did by hand is named with the place of the YAML that it is about."""

from deployer.access.secrets import Listed
from deployer.diagnosis.causes.by_hand import (
    closed_ports,
    deleted_parts,
    missing_secrets,
    stopped_database,
    switched_off,
)
from deployer.diagnosis.evidence import DELETED, Evidence
from deployer.health.airflow_health import WebHealth
from deployer.health.verify import Health, ServiceHealth
from tests.spec.minimal import PYTHON, minimal

ENV = minimal(PYTHON, f"{PYTHON}, connections: {{lake: {{secret: demo/lake}}}}")


def test_nothing_done_by_hand_is_nothing() -> None:
    """An available database, and secrets that are filled or that nobody may look at."""
    secrets = tuple(
        Listed(name="demo/lake", kind="secret", variables=("AIRFLOW_CONN_LAKE",), version=version)
        for version in ("v1", None)
    )
    evidence = Evidence(env=ENV, database="available", secrets=secrets)
    looks = (closed_ports, deleted_parts, missing_secrets, stopped_database, switched_off)
    assert [cause for look in looks for cause in look(evidence)] == []


def test_a_connection_without_its_secret_is_named_by_its_key() -> None:
    """The variable of the container is found in the YAML again."""
    lacking = Listed(name="demo/lake", kind="secret", variables=("AIRFLOW_CONN_LAKE",), version="")
    (cause,) = missing_secrets(Evidence(env=ENV, secrets=(lacking,)))
    assert cause.key == ("airflow", "connections", "lake")
    assert "windsock secrets set ENV demo/lake" in cause.next_step


def test_a_database_that_sleeps_with_its_environment_is_no_fault() -> None:
    """Outside the office hours it is stopped by its schedule; a deleted one is dead at any hour."""
    assert list(stopped_database(Evidence(env=ENV, database="stopped", asleep=True))) == []
    (cause,) = stopped_database(Evidence(env=ENV, database=DELETED, asleep=True))
    assert cause.name == "dead database"


def test_services_at_zero_are_named_unless_they_sleep() -> None:
    """All of them in one sentence."""
    idle = tuple(
        ServiceHealth(process=name, desired=0, running=0, healthy=0, rollout="COMPLETED")
        for name in ("scheduler", "webserver")
    )
    health = Health(services=idle, targets=(), web=WebHealth(reached=False), complaints=("x",))
    (cause,) = switched_off(Evidence(env=ENV, health=health))
    assert cause.what == "Somebody set the scheduler and the webserver to zero tasks."
    assert list(switched_off(Evidence(env=ENV, health=health, asleep=True))) == []
