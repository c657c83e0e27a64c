"""Airflow 3 loads the release that a run began with, whatever is current by then."""

import json

import pytest

from spec.releases.table import Release
from spec.sections.deliveries.release import Releases
from tests.runtime.conftest import NO_DATABASE, Home
from tests.runtime.store import bucket, current, stored
from tests.runtime.store import release as code

pytestmark = pytest.mark.airflow

LOOK = """
import importlib, json, os, sys
from airflow.dag_processing.bundles.manager import DagBundlesManager
import urllib.request
def words():
    sys.path.insert(0, str(bundle.path))
    for name in [*sys.modules]:
        if name in ("helper", "settings"): del sys.modules[name]
    import helper, include.query, settings
    sys.path.pop(0)
    return helper.WORD, include.query.WORD, settings.WORD
bundle = DagBundlesManager().get_bundle("dags-folder")
bundle.initialize()
current = bundle.get_current_version()
first = getattr(current, "version", current)
print(json.dumps(["first", *words()]))
place = os.environ["AWS_ENDPOINT_URL"] + "/code/current.json"
request = urllib.request.Request(place, os.environ["NEXT"].encode(), method="PUT")
urllib.request.urlopen(request)
bundle._report = lambda: None
before = bundle.path.stat().st_mtime_ns
bundle.refresh()
print(json.dumps(["second", *words()]))
bundle = DagBundlesManager().get_bundle("dags-folder", version=first)
bundle.initialize()
print(json.dumps(["pinned", *words()]))
print(json.dumps(sorted(path.name for path in bundle.versions_dir.iterdir())))
"""


def test_a_run_keeps_the_release_that_it_began_with(bundled: Home, release: Release) -> None:
    """With all that its DAGs import: beside them, in `include/` and in `config/`."""
    one, two = code("one"), code("two")
    options = Releases().config(release, None)["dag_processor"]
    with bucket(stored(two, one)) as variables:
        lines = bundled.run(
            LOOK,
            {
                **NO_DATABASE,
                **variables,
                "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(options["dag_bundle_config_list"]),
                "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_STORAGE_PATH": str(bundled.folder / "bundles"),
                "NEXT": current(two).decode(),
            },
        )
    found = [json.loads(line) for line in lines if line.startswith("[")]
    assert found == [
        ["first", "one", "one", "one"],
        ["second", "two", "two", "two"],
        ["pinned", "one", "one", "one"],
        sorted([one.release, two.release]),
    ]
