"""An environment is healthy only when every part of it says so."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from deployer.aws.ecs import Container
from deployer.health.verify import UnhealthyRefusal, observe, verify
from deployer.stacks.outputs import Outputs, read_outputs
from tests.deployer.fakes.ecs import task
from tests.deployer.fakes.environment import World, environment
from tests.deployer.fakes.site import HEALTHY, FakeSite, fake_site
from tests.spec.minimal import GOOGLE, PYTHON, SITE, minimal


@pytest.fixture
def site() -> Iterator[FakeSite]:
    """Start a web server with a health page."""
    with fake_site() as server:
        yield server


@pytest.fixture
def world() -> World:
    """Return a world in which services run."""
    world = World()
    world.session.cloudformation.put("demo", "CREATE_COMPLETE")
    return world


@pytest.fixture
def outputs(world: World) -> Outputs:
    """Return the outputs of a running environment."""
    fake = world.session.cloudformation
    outputs = fake.outputs("demo", {"SchedulerCount": "1", "WebserverCount": "1"})
    return read_outputs(replace(fake.stacks["demo"], outputs=outputs))


def test_without_a_load_balancer_the_container_health_counts(world: World, outputs: Outputs) -> None:
    """There is no target, and no site that this machine could reach."""
    alone = replace(outputs, url="", target_group="")
    health = verify(world.session.as_session, environment(), alone, "http://127.0.0.1:9")
    assert (health.complaints, health.targets, health.web.reached) == ((), (), False)


def test_a_database_in_a_container_is_checked(world: World, outputs: Outputs) -> None:
    """As any other service, by its name in sentences."""
    env = environment(**{"name: demo\n": 'name: demo\ndatabase: {kind: container, version: "15"}\n'})
    seen = observe(world.session.as_session, env, outputs)
    assert seen.complaints == ("There is no database service.",)


def test_a_healthy_environment_passes(world: World, outputs: Outputs, site: FakeSite) -> None:
    """Services, tasks, targets and Airflow's own health page."""
    health = verify(world.session.as_session, environment(), outputs, site.url)
    assert health.complaints == ()
    assert health.web.components == {"metadatabase": "healthy", "scheduler": "healthy"}


def test_a_running_but_unhealthy_task_is_not_well(world: World, outputs: Outputs, site: FakeSite) -> None:
    """ECS counts it as running; we do not."""
    ecs = world.session.ecs
    arn = next(arn for arn, owner in ecs.services_of.items() if owner == "Scheduler")
    ecs.known[arn] = replace(ecs.known[arn], health="UNHEALTHY")
    with pytest.raises(UnhealthyRefusal, match="scheduler has 0 healthy and 1 running of 1"):
        verify(world.session.as_session, environment(), outputs, site.url)


@pytest.mark.parametrize("change", [{"rollout": "IN_PROGRESS"}, {"older": 1}, {"pending": 1}, {"running": 0}])
def test_a_rollout_under_way_is_not_well(
    world: World, outputs: Outputs, site: FakeSite, change: dict[str, Any]
) -> None:
    """Old tasks, new tasks, missing tasks: it is not over."""
    ecs = world.session.ecs
    ecs.running["Webserver"] = replace(ecs.running["Webserver"], **change)
    assert "webserver" in observe(world.session.as_session, environment(), outputs, site.url).complaints[0]


def test_a_service_at_zero_is_switched_off(world: World, outputs: Outputs) -> None:
    """Zero of zero is not healthy."""
    world.session.ecs.scale("cluster", "Scheduler", 0)
    assert "The scheduler is switched off." in observe(world.session.as_session, environment(), outputs).complaints


def test_an_unhealthy_target_is_not_well(world: World, outputs: Outputs) -> None:
    """Nobody reaches the site through it."""
    world.session.load_balancer.state = "unhealthy"
    assert "10.0.0.4:8080" in observe(world.session.as_session, environment(), outputs).complaints[0]


@pytest.mark.parametrize("status", ["unhealthy", None])
def test_a_page_that_names_a_sick_scheduler_is_not_well(
    world: World, outputs: Outputs, site: FakeSite, status: str | None
) -> None:
    """The page answers 200 all the same."""
    site.page = {"metadatabase": {"status": "healthy"}, "scheduler": {"status": status}}
    assert "its scheduler is" in observe(world.session.as_session, environment(), outputs, site.url).complaints[0]


def test_a_component_that_does_not_run_here_is_not_checked(world: World, outputs: Outputs, site: FakeSite) -> None:
    """Without a triggerer its status is null, and that is right."""
    site.page = {**HEALTHY, "triggerer": {"status": None}}
    assert observe(world.session.as_session, environment(), outputs, site.url).complaints == ()


def test_a_login_at_the_load_balancer_counts_as_healthy(world: World, outputs: Outputs, site: FakeSite) -> None:
    """A redirect to the YAML's login_url proves that the site answers; any other redirect does not."""
    login_required = minimal(more=GOOGLE.replace(SITE, SITE.replace("}", ", load_balancer_auth: true}")))
    site.login_url = "https://accounts.google.com/o/oauth2/v2/auth?client_id=x"
    health = observe(world.session.as_session, login_required, outputs, site.url)
    assert (health.complaints, health.web.login_required) == ((), True)
    site.login_url = "http://127.0.0.1:9/"
    assert "does not answer" in observe(world.session.as_session, login_required, outputs, site.url).complaints[0]


def test_a_site_that_this_machine_may_not_reach_is_no_fault(world: World, outputs: Outputs) -> None:
    """The allow-list may leave it out; an address that was named must answer."""
    assert observe(world.session.as_session, environment(), outputs).complaints == ()
    assert (
        "does not answer"
        in observe(world.session.as_session, environment(), outputs, "http://127.0.0.1:9").complaints[0]
    )


def test_a_site_under_a_path_is_asked_there(world: World, outputs: Outputs, site: FakeSite) -> None:
    """Whether its address comes from the stack, which has the path, or is that of a rehearsal."""
    env = minimal(PYTHON, f"{PYTHON}, config: {{webserver: {{base_url: 'http://tools.example.com/airflow'}}}}")
    observe(world.session.as_session, env, outputs, site.url)
    assert site.asked == "/airflow/health"
    observe(world.session.as_session, env, replace(outputs, url=f"{site.url}/airflow"))
    assert site.asked == "/airflow/health"


def test_a_wait_for_health_says_every_minute_what_is_not_well(world: World, outputs: Outputs) -> None:
    """Until it is given up; the reason is the last word of both."""
    scheduler, told = world.session.ecs.running["Scheduler"], list[str]()
    world.session.ecs.running["Scheduler"] = replace(scheduler, running=0)
    with pytest.raises(UnhealthyRefusal):
        verify(world.session.as_session, environment(), outputs, "http://127.0.0.1:9", told.append)
    assert told[0].startswith("Waiting since 1 min: The scheduler has 0 healthy and 0 running of 1 wanted tasks")
    assert len(told) == 10


def test_a_task_that_fails_is_explained_long_before_it_gives_up(world: World, outputs: Outputs, site: FakeSite) -> None:
    """A web server that cannot read its configuration says so within two minutes, and not after ten."""
    ecs, clock = world.session.ecs, world.session.time
    ecs.running["Webserver"] = replace(ecs.running["Webserver"], running=0, pending=1)
    ended = Container(name="airflow", status="STOPPED", exit_code=1, reason="", health="UNKNOWN")
    failed = replace(task("arn:task/new", "gone:1", ended), stopped_reason="Essential container in task exited")
    told: list[tuple[float, str]] = []
    began = clock.seconds

    def tell(text: str) -> None:
        told.append((clock.seconds - began, text))
        ecs.known[failed.arn] = failed
        ecs.services_of[failed.arn] = "Webserver"

    with pytest.raises(UnhealthyRefusal):
        verify(world.session.as_session, environment(), outputs, site.url, tell)
    (seconds, text) = next(one for one in told if "failed" in one[1])
    assert text.startswith("A task of the webserver failed.")
    assert seconds < 120


def test_a_rollout_that_ecs_has_given_up_is_not_waited_for(world: World, outputs: Outputs, site: FakeSite) -> None:
    """It starts no more tasks; a first answer of before is borne with."""
    ecs, clock = world.session.ecs, world.session.time
    ecs.running["Webserver"] = replace(ecs.running["Webserver"], running=0, rollout="FAILED")
    began = clock.seconds
    with pytest.raises(UnhealthyRefusal, match="rollout FAILED"):
        verify(world.session.as_session, environment(), outputs, site.url)
    assert 60 < clock.seconds - began < 120
