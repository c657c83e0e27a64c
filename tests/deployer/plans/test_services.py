"""What becomes of the services, decided without AWS."""

from dataclasses import replace

from deployer.plans.plan import ServiceChange
from deployer.plans.services import asleep, counts_by_hand, planned_counts, restart_step, service_changes
from deployer.steps.step import Need
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.observed import absent, deployed


def test_a_service_without_tasks_gets_one() -> None:
    """Before a first deploy none has any; where all have theirs, nothing changes."""
    assert list(service_changes(environment(), absent())) == [
        ServiceChange("webserver", 0, 1),
        ServiceChange("scheduler", 0, 1),
    ]
    assert list(service_changes(environment(), deployed())) == []


def test_nothing_sleeps_that_is_not_deployed() -> None:
    """Nor what runs."""
    assert asleep(environment(), absent()) == ()
    assert asleep(environment(), deployed()) == ()


def test_services_start_anew_for_what_they_have_not_read() -> None:
    """Not where they start anyway, nor where they have read it."""
    observed = deployed()
    assert restart_step(observed, observed.state.restart, running=True).need is Need.NO
    assert restart_step(observed, "new", running=True).need is Need.YES
    assert restart_step(observed, "new", running=False).need is Need.NO
    other = replace(observed, state=replace(observed.state, database="other"))
    assert restart_step(other, observed.state.restart, running=True).need is Need.UNKNOWN


def test_the_number_of_the_yaml_is_the_number() -> None:
    """What somebody has set by hand is taken back, and a first deploy starts as many."""
    observed = deployed()
    first, second = observed.services
    by_hand = replace(observed, services=(replace(first, desired=3), second))
    env = environment(**{"airflow:": "services: {scheduler: {cpu: 1024, memory: 2048, count: 2}}\nairflow:"})
    assert counts_by_hand(env, by_hand) == {}
    assert list(service_changes(env, by_hand)) == [ServiceChange("scheduler", 3, 2)]
    assert planned_counts(env, absent()) == {"webserver": 1, "scheduler": 2}


def test_a_number_of_tasks_that_somebody_set_by_hand_stays() -> None:
    """One that is at zero sleeps or was never switched on, and is no choice."""
    observed = deployed()
    first, second = observed.services
    by_hand = replace(observed, services=(replace(first, desired=3), replace(second, desired=0)))
    assert counts_by_hand(environment(), by_hand) == {"scheduler": 3}
    assert planned_counts(environment(), by_hand) == {"webserver": 1, "scheduler": 3}
    assert list(service_changes(environment(), by_hand)) == [ServiceChange("webserver", 0, 1)]
    assert planned_counts(environment(), absent()) == {"webserver": 1, "scheduler": 1}
    assert counts_by_hand(environment(), absent()) == {}
