"""A home leads to the release on the file system that is current, and each process stays with the one it began with."""

import json

import pytest

from compiler import contract
from spec.releases.table import Release
from spec.sections.deliveries.efs import Efs
from tests.runtime.conftest import NO_DATABASE, Home

pytestmark = pytest.mark.airflow

LAY = """
import json, os
from pathlib import Path
from windsock_runtime import fetch_release
from windsock_runtime.releases import shared
home, releases = Path(os.environ["AIRFLOW_HOME"]), Path(os.environ["AIRFLOW_HOME"], "releases")
os.environ["WINDSOCK_RELEASES_FOLDER"] = str(releases)
for word in ("one", "two"):
    for name in ("dags/helper.py", "dags/late.py", "plugins/hello.py", "config/settings.py", "include/query.py"):
        file = releases / word / name; file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"WORD = {word!r}\\n")
    (releases / word / "config/include").symlink_to(Path("..", "include"))
    (releases / word / ".lock").touch()
shared.note_version(releases / "two", "commit-two")
def switch(word): fetch_release.link(releases / "current", Path(word))
"""

LINKED = f"""{LAY}
fetch_release.main()
def word(): return [(home / path).read_text() for path in ("dags/helper.py", "plugins/hello.py", "config/settings.py")]
print(json.dumps((home / "dags").exists()))
for name in ("one", "two"):
    switch(name); print(json.dumps([(home / "config/include/query.py").read_text(), *word()]))
"""

BUNDLE = f"""{LAY}
import fcntl, sys
from airflow.dag_processing.bundles.manager import DagBundlesManager
def words():
    import helper, include.query, settings
    return helper.WORD, include.query.WORD, settings.WORD
def load(bundle):
    for name in [*sys.modules]:
        if name in ("helper", "late", "settings"): del sys.modules[name]
    sys.path.insert(0, str(bundle.path)); found = words(); sys.path.pop(0)
    return found
def held(word):
    with (releases / word / ".lock").open("rb+") as lock:
        try: fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError: return True
    return False
def version(bundle):
    said = bundle.get_current_version()
    return getattr(said, "version", said)
switch("one")
os.chmod(releases / "one", 0o555)
bundle = DagBundlesManager().get_bundle("dags-folder"); bundle.initialize()
print(json.dumps([version(bundle), *load(bundle), held("one")]))
switch("two"); bundle.refresh()
print(json.dumps([version(bundle), *load(bundle), held("one"), held("two")]))
bundle = DagBundlesManager().get_bundle("dags-folder", version="one"); bundle.initialize()
print(json.dumps([version(bundle), *load(bundle), held("one")]))
try: DagBundlesManager().get_bundle("dags-folder", version="gone").initialize()
except Exception as error: print(json.dumps([str(error)]))
"""

PINNED = f"""{LAY}
switch("one"); fetch_release.main()
from windsock_runtime.releases.pinned_dags import pin_dags
from airflow.models.dagbag import DagBag
(releases / "one/dags/says.py").write_text("import airflow, helper\\nfrom airflow import DAG\\n"
    "from datetime import datetime\\ndag = DAG(helper.WORD, start_date=datetime(2021, 1, 1), schedule_interval=None)")
pin_dags(home, marks=False)
bag = DagBag(home / "dags/says.py", include_examples=False)
switch("two")
import late
print(json.dumps([*bag.dags, late.WORD, *(dag.fileloc == str(home / "dags/says.py") for dag in bag.dags.values())]))
"""

NAMES = "from windsock_runtime.releases import shared as s; print(s.FOLDER_VARIABLE, s.CURRENT)"


def _found(lines: list[str]) -> list[object]:
    return [json.loads(line) for line in lines if line[:1] in ("[", "t", "f")]


def test_the_home_leads_to_what_is_current(bundled: Home) -> None:
    """Also where the first release comes after the container, and `include` with it."""
    dangling, one, two = _found(bundled.run(LINKED))
    assert dangling is False
    assert (one, two) == (["WORD = 'one'\n"] * 4, ["WORD = 'two'\n"] * 4)


def test_a_bundle_keeps_a_release_of_the_file_system(bundled: Home, release: Release) -> None:
    """It holds the one that it uses, and writes nowhere."""
    bundles = Efs().config(release, None)["dag_processor"]["dag_bundle_config_list"]
    more = {**NO_DATABASE, "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(bundles)}
    assert _found(bundled.run(BUNDLE, more)) == [
        ["one", "one", "one", "one", True],
        ["commit-two", "two", "two", "two", False, True],
        ["one", "one", "one", "one", True],
        ["Release gone is on the file system no more."],
    ]


def test_a_process_of_airflow_2_keeps_a_release_of_the_file_system(followed: Home) -> None:
    """With what it imports after the link was switched."""
    assert _found(followed.run(PINNED, NO_DATABASE)) == [["one", "one", True]]


def test_templates_name_the_folder_as_the_code_here_does(bundled: Home) -> None:
    """Neither imports the other."""
    assert bundled.run(NAMES) == [f"{contract.RELEASES_VARIABLE} {contract.CURRENT_LINK}"]
