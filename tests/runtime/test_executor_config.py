"""What a task may say of its worker, and what it may not."""

from typing import Any

import pytest

from runtime.executor_config import kept

ROLE = "arn:aws:iam::123456789012:role/demo-execution"
VARIABLES = [{"name": "A", "value": "1"}]


def test_sizes_and_variables_are_kept() -> None:
    """Those of the task and those of the container of Airflow."""
    asked = {
        "overrides": {
            "cpu": "1024",
            "memory": "4096",
            "containerOverrides": [{"name": "airflow", "environment": VARIABLES, "memory": 512}],
        }
    }
    assert kept(asked, "airflow") == (asked, [])
    assert kept({"cpu": 256, "environment": VARIABLES}, "airflow") == ({"cpu": 256, "environment": VARIABLES}, [])
    assert kept({}, "airflow") == kept(None, "airflow") == ({}, [])


@pytest.mark.parametrize(
    ("asked", "dropped"),
    [
        ({"taskDefinition": "another"}, ["taskDefinition"]),
        ({"cluster": "another"}, ["cluster"]),
        ({"networkConfiguration": {}}, ["networkConfiguration"]),
        ({"overrides": {"taskRoleArn": ROLE, "cpu": "256"}}, ["overrides.taskRoleArn"]),
        ({"overrides": {"executionRoleArn": ROLE}}, ["overrides.executionRoleArn"]),
        ({"environmentFiles": [{"type": "s3"}]}, ["environmentFiles"]),
        (
            {"overrides": {"containerOverrides": [{"name": "airflow", "command": ["sh"]}]}},
            ["overrides.containerOverrides.command"],
        ),
        (
            {"overrides": {"containerOverrides": [{"name": "sidecar", "cpu": 1}]}},
            ["overrides.containerOverrides of sidecar"],
        ),
        ("{}", ["executor_config"]),
    ],
)
def test_rights_networks_and_definitions_are_left_out(asked: Any, dropped: list[str]) -> None:
    """A DAG author would borrow the rights of another."""
    left, said = kept(asked, "airflow")
    assert said == dropped
    assert ROLE not in str(left)
    assert "command" not in str(left)
