"""Tests of the sample code inside every Airflow release: the same files load."""

import json
from typing import Any

import pytest

from tests.runtime.conftest import Home

READS_CODE = """
import json, runpy
from tutorial import print_date
from hello import HelloPlugin
etl = runpy.run_module("tutorial_taskflow_api")["tutorial_taskflow_api"]()
print(json.dumps({
    "tutorial": sorted(print_date.dag.task_ids),
    "etl": sorted(etl.task_ids),
    "menu": [view["name"] for view in HelloPlugin.appbuilder_views],
}))
"""

pytestmark = pytest.mark.airflow


def test_the_sample_code_loads_in_every_release(sample: Home) -> None:
    """DAGs and plugin load unchanged."""
    paths = {"PYTHONPATH": ":".join(str(sample.folder / folder) for folder in ("dags", "plugins"))}
    found: dict[str, Any] = json.loads(
        sample.run(READS_CODE, {**paths, "AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS": ""})[-1]
    )
    assert found == {
        "tutorial": ["print_date", "sleep", "templated"],
        "etl": ["extract", "load", "transform"],
        "menu": ["Hello"],
    }
