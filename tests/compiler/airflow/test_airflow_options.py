"""Promises of the options: a later layer overrides an earlier one, and other values are written as JSON."""

from compiler.airflow.airflow_options import airflow_options, all_options
from compiler.contract import SECONDS_TO_END_TASKS
from tests.spec.minimal import minimal

_SECONDS_UNTIL_A_TASK_FAILS = 300
"""Default of `scheduler_zombie_task_threshold`, since 3.0 `task_instance_heartbeat_timeout`."""


def test_options_of_the_user_override_those_of_the_release() -> None:
    """Here and in AWS."""
    env = minimal(more="")
    changed = env.airflow.model_copy(update={"config": {"core": {"load_examples": True}}})
    env = env.model_copy(update={"airflow": changed})
    assert airflow_options(env)["AIRFLOW__CORE__LOAD_EXAMPLES"] == "True"
    assert all_options(env)["AIRFLOW__CORE__LOAD_EXAMPLES"] == "True"


def test_several_schedulers_wait_for_one_that_ends() -> None:
    """It gives no heartbeat while it waits for tasks; and all know of a dead one before Airflow fails its tasks."""
    waits = "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD"
    looks = "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL"
    options = all_options(minimal(more="services: {scheduler: {cpu: 1024, memory: 2048, count: 2}}\n"))
    assert int(options[waits]) > SECONDS_TO_END_TASKS
    assert int(options[waits]) + int(options[looks]) < _SECONDS_UNTIL_A_TASK_FAILS
    assert not {waits, looks} & {*all_options(minimal())}


def test_options_are_sorted() -> None:
    """The order in which layers name options does not show in a template."""
    names = list(all_options(minimal(more="")))
    assert names == sorted(names)
