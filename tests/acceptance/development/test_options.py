"""Airflow looks for changed files all the time while somebody develops."""

import pytest

from acceptance.development.options import for_development
from compiler.airflow.airflow_options import airflow_options
from spec.releases.option_list import doubtful_options
from spec.releases.table import RELEASES
from tests.deployer.fakes.environment import environment
from tests.spec.minimal import minimal


def test_a_saved_file_is_seen_at_once() -> None:
    """What the YAML sets itself is left alone, and so is the environment."""
    env = environment()
    config = {"scheduler": {"dag_dir_list_interval": 7}, "core": {"parallelism": 3}}
    env = env.model_copy(update={"airflow": env.airflow.model_copy(update={"config": config})})
    options = airflow_options(for_development(env))
    assert options["AIRFLOW__SCHEDULER__DAG_DIR_LIST_INTERVAL"] == "7"
    assert options["AIRFLOW__CORE__PARALLELISM"] == "3"
    assert options["AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL"] == "0"
    assert "AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL" not in airflow_options(env)


@pytest.mark.parametrize("version", RELEASES)
def test_every_release_knows_its_options(version: str) -> None:
    """None is mistyped, or of another release."""
    assert list(doubtful_options(version, RELEASES[version].development)) == []


def test_files_are_mounted_whatever_delivers_them_elsewhere() -> None:
    """A release would not change under Airflow's feet, which is what development is about."""
    env = minimal(
        'version: 2.5.3, python: "3.10"', 'version: 3.3.2, python: "3.12"', more="code: {delivery: release}\n"
    )
    developed = for_development(env)
    assert (env.code_delivery, developed.code_delivery) == ("release", "efs")
    assert env.remote_logs == developed.remote_logs == "cloudwatch"
