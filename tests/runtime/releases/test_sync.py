"""The file system has whole releases and one link to the current one, whenever a sync dies."""

import json

import pytest

from deployer.release.airflow_home import Code, CodeFile
from tests.runtime.conftest import Home
from tests.runtime.store import bucket, current, release, stored

pytestmark = pytest.mark.airflow

SYNC = """
import json, os, sys
from pathlib import Path
from windsock_runtime.releases import sync
root = Path("efs").absolute()
root.mkdir(exist_ok=True)
os.environ["WINDSOCK_RELEASES_FOLDER"] = str(root)
def run(keep="20", days="90"):
    sys.argv = ["sync", keep, days, "plugins"]
    sync.main()
def there(): return sorted(path.name for path in root.iterdir())
"""

MODES = f"""{SYNC}
run()
for path in ("dags/run.sh", "dags/tool", "config/include/query.py", "config/webserver_config.py"):
    found = root / "current" / path
    print(json.dumps([path, oct(found.stat().st_mode)]))
"""

DEATHS = f"""{SYNC}
import urllib.request
OPERATIONS = ("open", "os.chmod", "os.mkdir", "os.remove", "os.rename", "os.symlink", "os.utime", "fcntl.flock")
def dies_at(number):
    left = [number]
    def hook(event, arguments):
        if event in OPERATIONS and str(root) in str(arguments[0]) + str(arguments[-1]):
            left[0] -= 1
            if left[0] == 0: os._exit(9)
    sys.addaudithook(hook)
def whole(word):
    names = {{(root / "current" / path).read_text() for path in ("dags/helper.py", "config/settings.py")}}
    return names == {{f"WORD = '{{word}}'\\n"}}
run()
before, number = (root / "current").readlink(), 0
place = os.environ["AWS_ENDPOINT_URL"] + "/code/current.json"
urllib.request.urlopen(urllib.request.Request(place, os.environ["NEXT"].encode(), method="PUT"))
while True:
    number += 1
    child = os.fork()
    if child == 0:
        dies_at(number); run(); os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, 9), status
    assert whole("one") or whole("two"), number
    if status == 0: break
    if whole("two"):  # what is left to do is to clear away
        run(); assert not [name for name in there() if name.startswith((".draft", ".gone"))], there()
        (root / "current").unlink(); (root / "current").symlink_to(before)
run()
print(json.dumps([number, whole("two"), there(), (root / "current/.version").read_text()]))
"""

AGES = f"""{SYNC}
from windsock_runtime.releases.folders import hold
run()
one = (root / "current").readlink()
Path("plugins").mkdir()
for former in (root / "dag.py", root / "package" / "__init__.py", Path("plugins/hello.py")):
    former.parent.mkdir(exist_ok=True); former.touch()
run()
print(json.dumps((root / "dag.py").exists()))
for name, age in (("a", 9e6), ("b", 8e6), ("c", 8e6 - 1), (str(one), 2e6)):
    folder = root / name; folder.mkdir(exist_ok=True); (folder / ".lock").touch()
    import time; moment = time.time() - age; os.utime(folder, (moment, moment))
held = hold(root / "b")
run("1", "90"); print(json.dumps(there()))
run("1", "20"); print(json.dumps(there()))
os.close(held)
run("2", "20"); print(json.dumps(there()))
run("1", "20"); print(json.dumps([there(), os.listdir("plugins")]))
"""


def _with_tool(word: str, *tools: CodeFile) -> Code:
    return Code(tuple(sorted((*release(word).files, *tools), key=lambda file: file.path)))


def test_programs_stay_programs_and_a_folder_becomes_a_file(bundled: Home) -> None:
    """Each release has a folder of its own."""
    folder = _with_tool("one", CodeFile("dags/tool/__init__.py", b""))
    file = _with_tool("two", CodeFile("dags/tool", b"true\n", executable=True))
    objects = stored(folder)
    with bucket(objects) as variables:
        before = [json.loads(line) for line in bundled.run(MODES, variables) if line.startswith("[")]
        objects |= stored(file)
        after = [json.loads(line) for line in bundled.run(MODES, variables) if line.startswith("[")]
    assert before[:2] == [["dags/run.sh", "0o100755"], ["dags/tool", "0o40755"]]
    assert after[1] == ["dags/tool", "0o100755"]
    assert [mode for _, mode in after[2:]] == ["0o100644", "0o100644"]


def test_a_sync_that_dies_anywhere_shows_one_whole_release(bundled: Home) -> None:
    """At each of its calls to the file system; the next one completes it and leaves no draft."""
    one, two = release("one"), release("two")
    with bucket(stored(two, one)) as variables:
        lines = bundled.run(DEATHS, {**variables, "NEXT": current(two).decode()})
    number, whole, there, version = json.loads(lines[-1])
    assert number > 20
    assert whole
    assert there == sorted([".sync", "current", one.release, two.release])
    assert version == f"{'c' * 40}-{two.release}"


def test_what_is_old_goes_unless_a_process_holds_it(bundled: Home) -> None:
    """Files of an earlier Windsock go when all of them are as old; what was current within the days stays."""
    with bucket(stored(release("one"))) as variables:
        lines = [json.loads(line) for line in bundled.run(AGES, variables) if line[0] in "[tf"]
    one = release("one").release
    rest = [".sync", "current", one]
    former, days, held, kept, (last, plugins) = lines
    assert former is True
    assert days == sorted([*rest, "b", "c"])
    assert held == kept == sorted([*rest, "b"])
    assert (last, plugins) == (sorted(rest), [])
