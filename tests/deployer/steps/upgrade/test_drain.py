"""Before a database is migrated nothing uses it any more."""

from dataclasses import replace

import pytest

from deployer.aws.ecs import Container
from deployer.steps.step import Need
from deployer.steps.upgrade.drain import Drain
from deployer.tasks.idle import RunningTasksRefusal
from tests.deployer.fakes.ecs import task
from tests.deployer.fakes.running import Running, behind

WORKER = "arn:aws:ecs:us-west-2:123456789012:task/cluster/worker"


def _drain(**state: str) -> Drain:
    return Drain(need=Need.YES, reason="it is migrated", state=behind(**state))


def test_every_service_goes_to_zero_with_the_templates_that_are_deployed() -> None:
    """What fails now leaves the older release as it is, but for its counts."""
    running = Running()
    before = running.stack
    facts = _drain().execute(running.context, running.facts())
    assert facts.root.parameters == {**before.parameters, "SchedulerCount": "0", "WebserverCount": "0"}
    (order,) = running.world.session.cloudformation.orders.values()
    assert order.body == running.world.session.cloudformation.templates["demo"]
    assert {service.desired for service in running.world.session.ecs.running.values()} == {0}


def test_what_is_known_of_the_database_is_written_down_first() -> None:
    """The next run finds services at zero, which say nothing of the release. A snapshot of an earlier time is none."""
    running = Running()
    _drain(airflow_version="2.5.3", snapshot="older").execute(running.context, running.facts(state=behind(run="r")))
    stored = running.stored()
    assert '"airflow_version": "2.5.3"' in stored
    assert '"snapshot": ""' in stored
    assert '"run": "r"' in stored


def test_workers_end_too() -> None:
    """They are tasks of their own with the ECS executor, and they use the database."""
    running = Running()
    container = Container(name="airflow", status="RUNNING", exit_code=None, reason="", health="UNKNOWN")
    running.world.session.ecs.known[WORKER] = task(WORKER, "worker:1", container, status="RUNNING", group="family:w")
    _drain().execute(running.context, running.facts())
    assert running.world.session.ecs.stopped == [WORKER]


def test_services_at_zero_are_left_alone() -> None:
    """An earlier run has come so far; its snapshot stays known."""
    running = Running()
    facts = _drain().execute(running.context, running.facts())
    orders = len(running.world.session.cloudformation.orders)
    kept = replace(facts, state=behind(snapshot="of-this-upgrade"))
    assert _drain().execute(running.context, kept).state.snapshot == "of-this-upgrade"
    assert len(running.world.session.cloudformation.orders) == orders


def test_tasks_are_waited_for_as_long_as_the_user_wants() -> None:
    """Not at all without a word; in the image that runs, before anything changes."""
    running = Running()
    context = replace(running.context, drain_minutes=5)
    running.world.session.ecs.exits["command:1"] = 1
    with pytest.raises(RunningTasksRefusal, match="within 5 minutes"):
        _drain().execute(context, running.facts())
    assert running.world.session.cloudformation.orders == {}


def test_nobody_waits_for_tasks_of_an_environment_that_sleeps() -> None:
    """None runs; its database is woken to be migrated."""
    running = Running()
    ecs = running.world.session.ecs
    for name in list(ecs.running):
        ecs.scale("cluster", name, 0)
    running.world.session.rds.states["db-1"] = ["stopped", "stopped"]
    _drain().execute(replace(running.context, drain_minutes=5), running.facts())
    assert running.world.session.rds.started == ["db-1"]
    assert ecs.runs == []
