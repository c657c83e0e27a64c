"""A shell or tunnel enters a container that runs; without one, the refusal says so."""

import pytest

from deployer.access.exec_targets import ExecTargetRefusal, find_exec_target
from deployer.stacks.outputs import Outputs, read_outputs
from tests.deployer.fakes.environment import World


def _arn(process: str) -> str:
    return f"arn:aws:ecs:us-west-2:1:task/cluster/{process}"


def _running(world: World, count: str = "1") -> Outputs:
    fake = world.session.cloudformation
    outputs = fake.outputs("demo", {"SchedulerCount": count, "WebserverCount": count})
    return read_outputs(fake.put("demo", "CREATE_COMPLETE", outputs=outputs))


def test_the_first_running_process_is_chosen() -> None:
    """In the order of the argument; the state of its agent matters only where the caller needs the agent."""
    world = World()
    outputs = _running(world)
    world.session.exec_sessions.agents = {_arn("Webserver"): [""], _arn("Scheduler"): [""]}
    found = find_exec_target(world.session.as_session, outputs, ("scheduler", "webserver"), by_agent=False)
    assert found.task == _arn("Scheduler")
    found = find_exec_target(world.session.as_session, outputs, ("triggerer", "webserver"), by_agent=False)
    assert found.task == _arn("Webserver")


def test_an_agent_that_answers_is_preferred() -> None:
    """That of another process, when the first one's has died."""
    world = World()
    outputs = _running(world)
    world.session.exec_sessions.agents = {_arn("Scheduler"): ["STOPPED"], _arn("Webserver"): ["RUNNING"]}
    found = find_exec_target(world.session.as_session, outputs, ("scheduler", "webserver"), by_agent=True)
    assert found.task == _arn("Webserver")


def test_a_starting_agent_is_awaited() -> None:
    """It answers some seconds after its container has started."""
    world = World()
    outputs = _running(world)
    world.session.exec_sessions.agents = {_arn("Scheduler"): ["PENDING", "PENDING", "RUNNING"]}
    assert find_exec_target(world.session.as_session, outputs, ("scheduler",), by_agent=True).agent == "RUNNING"


def test_services_at_zero_are_refused() -> None:
    """At once; the refusal says where to look."""
    world = World()
    outputs = _running(world, "0")
    with pytest.raises(ExecTargetRefusal, match="no task of scheduler or webserver") as refusal:
        find_exec_target(world.session.as_session, outputs, ("scheduler", "webserver"), by_agent=False)
    assert "windsock status" in refusal.value.next_step


def test_an_agent_that_never_answers_is_refused() -> None:
    """The refusal gives its state and what it needs."""
    world = World()
    outputs = _running(world)
    world.session.exec_sessions.agents = {_arn("Scheduler"): [""]}
    with pytest.raises(ExecTargetRefusal, match="agent of ECS Exec") as refusal:
        find_exec_target(world.session.as_session, outputs, ("scheduler",), by_agent=True)
    assert "Seen: none." in refusal.value.why
