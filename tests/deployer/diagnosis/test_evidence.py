"""Evidence says whether something does not work, so that what a process printed may say why."""

from dataclasses import replace

from deployer.diagnosis.evidence import Evidence
from deployer.health.airflow_health import WebHealth
from deployer.health.verify import Health
from tests.deployer.fakes.environment import environment

HEALTH = Health(services=(), targets=(), web=WebHealth(reached=True), complaints=())
EVIDENCE = Evidence(env=environment(), health=HEALTH)


def test_an_environment_without_a_complaint_is_not_troubled() -> None:
    """Its last operation went well, and everything runs."""
    assert not EVIDENCE.troubled


def test_a_complaint_a_failed_operation_and_an_unknown_health_are_trouble() -> None:
    """Each alone."""
    sick = replace(HEALTH, complaints=("The scheduler is switched off.",))
    assert replace(EVIDENCE, health=sick).troubled
    assert replace(EVIDENCE, failed=True).troubled
    assert replace(EVIDENCE, health=None).troubled


def test_what_sleeps_outside_its_office_hours_has_no_complaint() -> None:
    """It is as it should be."""
    sick = replace(HEALTH, complaints=("The scheduler is switched off.",))
    assert replace(EVIDENCE, health=sick, asleep=True).complaints == ()
