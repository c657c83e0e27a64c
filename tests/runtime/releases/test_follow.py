"""The link to the DAGs leads to the current release, and the deployer hears what became of it."""

import json

import pytest

from tests.runtime.conftest import Home
from tests.runtime.store import bucket, release, stored

pytestmark = pytest.mark.airflow

FOLLOW = """
import json, os, urllib.request
from pathlib import Path
from windsock_runtime import fetch_release
from windsock_runtime.releases import follow, parse_marks, shared
home = Path(os.environ["AIRFLOW_HOME"])
bucket = os.environ["AWS_ENDPOINT_URL"] + "/code/"
def told(): return json.loads(urllib.request.urlopen(bucket + "report.json").read())["version"][-40:]
def look():
    follower.look()
    print(json.dumps([os.readlink(home / "dags").split("/")[-2], (home / "dags/helper.py").read_text(), told()]))
fetch_release.main()
follower = follow.Follower(home, tells=True)
look()
before = (home / "dags/helper.py").stat().st_mtime_ns
urllib.request.urlopen(urllib.request.Request(bucket + "current.json", os.environ["NEXT"].encode(), method="PUT"))
look()
urllib.request.urlopen(urllib.request.Request(bucket + "current.json", b'{"version": "0"}', method="PUT"))
look()
urllib.request.urlopen(urllib.request.Request(bucket + "current.json", os.environ["FIRST"].encode(), method="PUT"))
parse_marks.mark(home.resolve() / "releases" / os.environ["ONE"], "helper.py", "")
look()
urllib.request.urlopen(urllib.request.Request(bucket + "report.json", b'{"version": "untouched"}', method="PUT"))
follower = follow.Follower(home, tells=False)
look()
efs = home / "efs"; (efs / "laid/dags").mkdir(parents=True)
shared.note_version(efs / "laid", "commit-laid"); (efs / "current").symlink_to("laid")
os.environ["WINDSOCK_RELEASES_FOLDER"] = str(efs)
follow.Follower(home, tells=True).look()
print(json.dumps([os.readlink(home / "dags").split("/")[-2], told()]))
print(json.dumps([(home / "dags/helper.py").stat().st_mtime_ns > before, sorted(os.listdir(home / "releases"))[-2:]]))
"""


def test_the_link_follows_what_is_current(followed: Home) -> None:
    """Also back to a release that the disk has, whose files are new then; one that is not there changes nothing.

    Beside a process that does not parse, nothing is told. Of a file system it tells what the link there leads to.
    """
    one, two = release("one"), release("two")
    objects = stored(two, one)
    more = {"FIRST": stored(one)["current.json"].decode(), "NEXT": stored(two)["current.json"].decode()}
    with bucket(objects) as variables:
        lines = followed.run(FOLLOW, {**variables, **more, "ONE": one.release})
    *looks, mounted, last = [json.loads(line) for line in lines if line.startswith("[")]
    assert looks == [
        [one.release, "WORD = 'one'\n", one.release],
        [two.release, "WORD = 'two'\n", two.release],
        [two.release, "WORD = 'two'\n", two.release],
        [one.release, "WORD = 'one'\n", one.release],
        [one.release, "WORD = 'one'\n", "untouched"],
    ]
    assert mounted == [one.release, "commit-laid"]
    assert last == [True, sorted([one.release, two.release])]
