"""Properties of an observed environment."""

from dataclasses import replace

from deployer.aws.ecs import Service
from deployer.plans.observed import BootstrapStack
from tests.deployer.fakes.observed import absent, deployed, with_stack


def test_only_a_stack_at_rest_is_there_to_be_updated() -> None:
    """One that is being created or deleted is not, and an abandoned first change set is none."""
    assert deployed().deployed is not None
    for status in ("DELETE_IN_PROGRESS", "REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE"):
        assert with_stack(deployed(), status=status).deployed is None
    assert absent().deployed is None


def test_outputs_are_there_once_the_stack_has_some() -> None:
    """A stack that never came up has none."""
    outputs = deployed().outputs
    assert outputs is not None
    assert outputs.code_bucket == "code"
    assert with_stack(deployed(), outputs={}).outputs is None


def test_the_service_of_a_database_is_none_of_airflow() -> None:
    """It stops later, and says nothing of whether Airflow sleeps."""
    seen = deployed()
    assert seen.stack is not None
    seen = with_stack(seen, outputs={**seen.stack.outputs, "DatabaseService": "Database"})
    scheduler, database = (
        Service(name=name, status="ACTIVE", desired=0, running=0, pending=0, rollout="COMPLETED", older=0)
        for name in ("Scheduler", "Database")
    )
    assert replace(seen, services=(scheduler, database)).airflow_services == (scheduler,)


def test_a_missing_bootstrap_stack_has_no_outputs() -> None:
    """An empty mapping, not an error."""
    assert BootstrapStack().outputs == {}
    assert deployed().bootstrap.outputs["TemplatesBucket"] == "templates"
