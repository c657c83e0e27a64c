"""A release stays on the disk as long as a process uses it, and the newest ones stay anyway."""

import json

import pytest

from tests.runtime.conftest import Home

pytestmark = pytest.mark.airflow

FOLDERS = """
import json, os, sys
from pathlib import Path
from windsock_runtime.releases import folders as ours
versions = Path("versions").absolute()
for number in range(ours.KEPT + 4):
    folder = versions / f"{number:02}"; folder.mkdir(parents=True); (folder / ".lock").touch()
    os.utime(folder, (number, number))
held, enough = os.pipe(), os.pipe()
child = os.fork()
if child == 0:
    ours.hold(versions / "01")
    os.write(held[1], b"x"); os.read(enough[0], 1); os._exit(0)
os.read(held[0], 1)
ours.forget_old(versions, versions / "02")
print(json.dumps(sorted(path.name for path in versions.iterdir())[:3]))
os.write(enough[1], b"x"); os.waitpid(child, 0)
ours.forget_old(versions, versions / "02")
print(json.dumps(sorted(path.name for path in versions.iterdir())[:2]))
try: ours.hold(versions / "01")
except FileNotFoundError: print(json.dumps("gone"))
"""


def test_what_a_process_holds_is_not_deleted(home: Home) -> None:
    """Nor what is current; afterwards it goes."""
    first, second, third = map(json.loads, home.run(FOLDERS)[-3:])
    assert first == ["01", "02", "04"]
    assert second == ["02", "04"]
    assert third == "gone"
