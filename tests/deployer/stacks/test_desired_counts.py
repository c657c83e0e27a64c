"""Services are switched on by the counts of the root stack."""

import pytest

from deployer.aws.stacks import Stack
from deployer.stacks.desired_counts import count_parameters, deployed_counts, is_running, no_services, wanted_counts
from tests.deployer.fakes.environment import environment


@pytest.mark.parametrize(
    ("counts", "running"),
    [({}, False), ({"SchedulerCount": "0", "WebserverCount": "1"}, False), ({"SchedulerCount": "2"}, True)],
)
def test_a_stack_runs_when_all_of_it_does(counts: dict[str, str], *, running: bool) -> None:
    """One process at zero is a first deploy that did not come to its end."""
    assert is_running(Stack(id="arn", name="demo", status="UPDATE_COMPLETE", parameters=counts)) is running


def test_a_count_above_one_is_kept() -> None:
    """Somebody may have wanted two web servers; nobody wants none."""
    stack = Stack(
        id="arn", name="demo", status="UPDATE_COMPLETE", parameters={"WebserverCount": "2", "SchedulerCount": "0"}
    )
    counts = wanted_counts(environment(), stack)
    assert counts == deployed_counts(environment().processes, stack) == {"webserver": 2, "scheduler": 1}
    assert count_parameters(counts) == {"WebserverCount": "2", "SchedulerCount": "1"}


def test_a_count_in_the_yaml_is_the_count() -> None:
    """Also where the stack has another one, which somebody had set before the YAML said it."""
    stack = Stack(id="arn", name="demo", status="UPDATE_COMPLETE", parameters={"WebserverCount": "2"})
    env = environment(**{"airflow:": "services: {webserver: {cpu: 512, memory: 1024, count: 3}}\nairflow:"})
    assert wanted_counts(env, stack) == {"webserver": 3, "scheduler": 1}


def test_no_services_is_every_process_at_zero() -> None:
    """So a first change set makes everything but running tasks."""
    assert no_services(environment().processes) == {"WebserverCount": "0", "SchedulerCount": "0"}
