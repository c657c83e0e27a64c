"""checkov finds in the templates of the examples what docs/security.md gives a reason for, and nothing else."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deployer.stacks.template_diff import resources
from rehearsal.images import virtualenvs
from tests.conftest import Golden
from tests.rehearsal.yard import CACHE

pytestmark = pytest.mark.checkov

ROOT = Path(__file__).parents[2]
LOCK = Path(__file__).with_name("checkov.lock")
REASON = re.compile(r"^\| (CKV_AWS_\d+), [^|]+\| [^|]{20,}\|$", re.MULTILINE)
PAGE = """# What checkov finds, in figures

Without suppressions. [security.md](../security.md#what-checkov-finds) gives the reason for each check that fails.

| example | resources | failed checks | per 10 resources |
|---|---|---|---|
"""
OFFLINE = {"PATH": "/usr/bin:/bin", "BC_SKIP_MAPPING": "TRUE"}
"""No look at what a vendor knows of the checks besides."""


EXAMPLES = (ROOT / "templates_out" / "demo", *sorted((ROOT / "examples" / "templates_out").iterdir()))


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """Return example and id of every check that fails, without suppressions."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    programs = virtualenvs.build("checkov", python=version, requirements=[LOCK], constraints=None, cache=CACHE) / "bin"
    folder = tmp_path_factory.mktemp("checkov")
    for compiled in EXAMPLES:
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
    return [(Path(check["file_path"]).parts[1], check["check_id"]) for check in found["results"]["failed_checks"]]


def test_every_finding_has_its_reason(failed: list[tuple[str, str]]) -> None:
    """A new finding is mended, or its reason is written down; a reason without a finding goes."""
    reasons = set(REASON.findall((ROOT / "docs" / "security.md").read_text(encoding="utf-8")))
    assert {check for _, check in failed} == reasons


def test_the_page_has_the_figures(failed: list[tuple[str, str]], golden: Golden) -> None:
    """Resources of each example, and the checks that fail for every ten of them."""
    golden(ROOT / "docs" / "enforcement" / "checkov.md", PAGE + "".join(_row(one, failed) for one in EXAMPLES))


def _row(example: Path, failed: list[tuple[str, str]]) -> str:
    count = sum(len(resources(file.read_text(encoding="utf-8"))) for file in example.glob("*.yaml"))
    found = sum(name == example.name for name, _ in failed)
    return f"| {example.name} | {count} | {found} | {10 * found / count:.2f} |\n"
