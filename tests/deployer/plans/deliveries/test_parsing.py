"""A push waits for Airflow when a new release is parsed by containers that tell of it."""

from dataclasses import replace

import pytest

from deployer.plans.deliveries.parsing import parsing
from deployer.steps.step import Need
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.observed import deployed


@pytest.mark.parametrize(
    ("same", "told", "need"), [(False, True, Need.YES), (True, True, Need.NO), (False, False, Need.NO)]
)
def test_only_a_new_release_that_is_told_of_is_waited_for(need: Need, *, same: bool, told: bool) -> None:
    """Each step says why."""
    step = parsing(environment(), deployed(), same=same, told=told)
    assert step.need is need
    assert step.reason


def test_nobody_waits_for_services_that_sleep() -> None:
    """They parse it when they wake."""
    env = environment(name='schedule: {on: "12:00-18:00 Tue", timezone: UTC}\nname')  # it is Monday
    services = tuple(replace(service, desired=0, running=0) for service in deployed().services)
    assert parsing(env, replace(deployed(env), services=services), same=False).need is Need.NO
