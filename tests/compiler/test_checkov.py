"""checkov finds in the templates of the examples what docs/security.md gives a reason for, and nothing else."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rehearsal.images import virtualenvs
from tests.rehearsal.yard import CACHE

pytestmark = pytest.mark.checkov

ROOT = Path(__file__).parents[2]
LOCK = Path(__file__).with_name("checkov.lock")
REASON = re.compile(r"^\| (CKV_AWS_\d+), [^|]+\| [^|]{20,}\|$", re.MULTILINE)
OFFLINE = {"PATH": "/usr/bin:/bin", "BC_SKIP_MAPPING": "TRUE"}
"""No look at what a vendor knows of the checks besides."""


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the checks that fail in any example, without suppressions."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    programs = virtualenvs.build("checkov", python=version, requirements=[LOCK], constraints=None, cache=CACHE) / "bin"
    folder = tmp_path_factory.mktemp("checkov")
    for compiled in (ROOT / "templates_out" / "demo", *(ROOT / "examples" / "templates_out").iterdir()):
        shutil.copytree(compiled, folder / compiled.name)
    options = ("--framework", "cloudformation", "--output", "json", "--quiet", "--compact", "--directory", str(folder))
    done = subprocess.run(
        [programs / "python", programs / "checkov", *options],
        check=False,
        capture_output=True,
        text=True,
        env={**OFFLINE, "HOME": str(folder)},
    )
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["summary"]["parsing_errors"] == 0
    return {check["check_id"] for check in found["results"]["failed_checks"]}


def test_every_finding_has_its_reason(failed: set[str]) -> None:
    """A new finding is mended, or its reason is written down; a reason without a finding goes."""
    reasons = set(REASON.findall((ROOT / "docs" / "security.md").read_text(encoding="utf-8")))
    assert failed == reasons
