"""The delivery `release` makes Airflow use Windsock's bundle, and is refused where it could not work."""

import json

from spec.releases.table import RELEASES
from spec.sections.deliveries.release import Releases
from tests.spec.minimal import PYTHON, minimal, refused

OLD = f"version: 2.5.3, {PYTHON}"
THREE = 'version: 3.3.2, python: "3.12"'
RELEASE = "code: {delivery: release}\n"


def test_airflow_takes_its_dags_from_the_bundle() -> None:
    """A version begins with the digits of its commit, which the address of a commit needs."""
    options = Releases().config(RELEASES["3.3.2"], "https://example.com/commit/{commit}")["dag_processor"]
    (bundle,) = json.loads(json.dumps(options["dag_bundle_config_list"]))
    assert bundle["name"] == "dags-folder"
    template = bundle["kwargs"]["view_url_template"]
    commit = "c" * 40
    assert str(template).format(version=f"{commit}-{'f' * 40}") == f"https://example.com/commit/{commit}"


def test_task_logs_go_to_cloudwatch_by_default() -> None:
    """There is no file system to keep them."""
    assert minimal(OLD, THREE, more=RELEASE).remote_logs == "cloudwatch"


def test_task_logs_in_the_container_alone_are_refused() -> None:
    """They would end with it."""
    fault = refused(OLD, THREE, more=f"{RELEASE}logs: {{remote: none}}\n")
    assert "ends with its container" in fault.message
    assert "code.delivery: efs" in fault.hint


def test_an_airflow_without_bundles_lists_its_files_often() -> None:
    """They are on a disk of its own."""
    env = minimal(more=RELEASE)
    assert env.code_delivery == "release"
    assert env.delivery.config(env.airflow.release, None) == {"scheduler": {"dag_dir_list_interval": 5}}


def test_an_environment_that_deletes_itself_is_refused() -> None:
    """Nobody empties its bucket."""
    assert "never be empty" in refused(OLD, THREE, more=f"{RELEASE}ttl: 3d\n").message
