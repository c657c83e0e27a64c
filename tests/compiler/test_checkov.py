"""checkov finds in the templates of the examples what docs/security.md gives a reason for, and nothing else."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rehearsal.images.virtualenvs import Virtualenv
from tests.compiler.scanners import ROOT, Finding, checks_with_reasons, copy_examples, figures
from tests.conftest import Golden
from tests.rehearsal.yard import CACHE

pytestmark = pytest.mark.scanner

LOCK = Path(__file__).with_name("checkov.lock")
OFFLINE = {"PATH": "/usr/bin:/bin", "BC_SKIP_MAPPING": "TRUE"}
"""No look at what a vendor knows of the checks besides."""


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """Return example and id of every check that fails, without suppressions."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    programs = Virtualenv(name="checkov", python=version, requirements=[LOCK], cache=CACHE).build() / "bin"
    folder = tmp_path_factory.mktemp("checkov")
    copy_examples(folder)
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


def test_every_finding_has_its_reason(failed: list[Finding]) -> None:
    """A new finding is mended, or its reason is written down; a reason without a finding goes."""
    assert {check for _, check in failed} == checks_with_reasons("CKV_AWS_")


def test_the_page_has_the_figures(failed: list[Finding], golden: Golden) -> None:
    """Resources of each example, and the checks that fail for every ten of them."""
    golden(ROOT / "docs" / "enforcement" / "checkov.md", figures("checkov", failed))
