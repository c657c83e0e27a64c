"""A database is initialised once; one that came back empty is another."""

import dataclasses

from deployer.record.deploy_state import DeployState
from deployer.tasks.database_setup import DatabaseChange, database_tasks
from tests.deployer.fakes.environment import World, environment, outputs_of, template_set
from tests.deployer.fakes.session import Recorder

IMAGE = f"sha256:{'a' * 64}"


def test_another_database_is_initialised_again() -> None:
    """Initialised, with its admin, as for a new environment; a known database needs nothing."""
    world = World()
    outputs = outputs_of(world)
    done = DeployState(airflow_version="2.5.3", database="task-2", image=IMAGE, admin="airflow")
    known = dataclasses.replace(done, database="task-1")
    arguments = (environment(), world.session.as_session, outputs, Recorder())
    (setup,) = database_tasks(*arguments, DatabaseChange(known, done, template_set()))
    assert "airflow db init" in setup.script
    assert "users create" in setup.script
    assert database_tasks(*arguments, DatabaseChange(done, done, template_set())) == ()
