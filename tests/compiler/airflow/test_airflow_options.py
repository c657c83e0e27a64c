"""Promises of the options: a later layer overrides an earlier one, and other values are written as JSON."""

from compiler.airflow.airflow_options import airflow_options, all_options
from tests.spec.minimal import minimal


def test_options_of_the_user_override_those_of_the_release() -> None:
    """Here and in AWS."""
    env = minimal(more="")
    changed = env.airflow.model_copy(update={"config": {"core": {"load_examples": True}}})
    env = env.model_copy(update={"airflow": changed})
    assert airflow_options(env)["AIRFLOW__CORE__LOAD_EXAMPLES"] == "True"
    assert all_options(env)["AIRFLOW__CORE__LOAD_EXAMPLES"] == "True"


def test_options_are_sorted() -> None:
    """The order in which layers name options does not show in a template."""
    names = list(all_options(minimal(more="")))
    assert names == sorted(names)
