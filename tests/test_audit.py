"""The pins of Windsock itself are looked up where the database of advisories can be reached."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
AUDIT = ROOT / ".ci" / "audit"


def test_a_machine_without_the_database_says_so() -> None:
    """It is no failure, and nothing is looked up elsewhere."""
    nobody = {**os.environ, "ADVISORY_DATABASE": "http://127.0.0.1:9"}
    ran = subprocess.run([AUDIT], capture_output=True, text=True, check=False, env=nobody, timeout=60)
    assert (ran.returncode, ran.stdout) == (0, "Skipped pip-audit: http://127.0.0.1:9 does not answer from here.\n")


def test_every_lock_with_hashes_is_looked_up() -> None:
    """But that of checkov, which reads templates in an environment of its own and is never delivered."""
    (named,) = re.findall(r"^LOCKS=\((.+)\)$", AUDIT.read_text(encoding="utf-8"), re.MULTILINE)
    locks = [*ROOT.glob("*.lock"), *(ROOT / "rehearsal" / "images").glob("*.lock")]
    assert sorted(named.split()) == sorted(str(lock.relative_to(ROOT)) for lock in locks)
