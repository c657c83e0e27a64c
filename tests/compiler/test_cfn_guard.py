"""The rules of AWS Control Tower find in the examples what docs/security.md gives a reason for, and nothing else."""

import json
import platform
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.compiler.scanners import ROOT, Finding, checks_with_reasons, copy_examples, figures
from tests.conftest import Golden

pytestmark = pytest.mark.scanner

LOCK = Path(__file__).with_name("cfn_guard.lock")
CONTROL = re.compile(r"\[(CT\.[A-Z0-9.]+)\]")
PROGRAM = f"bin/ubuntu/{platform.machine()}/cfn-guard"
RULES = "rules/control-tower/cfn-guard"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the unpacked archive that brings cfn-guard and the rules; the rest of its package is for the CDK."""
    folder = tmp_path_factory.mktemp("package")
    options = ("--no-deps", "--require-hashes", "--target", str(folder), "--requirements", str(LOCK))
    subprocess.run([sys.executable, "-m", "uv", "pip", "install", "--quiet", *options], check=True)
    (archive,) = folder.glob("cdklabs/cdk_validator_cfnguard/_jsii/*.tgz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / "package"


@pytest.fixture(scope="module")
def failed(package: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """Return example and control of every rule that a template does not comply with."""
    folder = tmp_path_factory.mktemp("examples")
    copy_examples(folder)
    (package / PROGRAM).chmod(0o755)
    options = ("--output-format", "json", "--structured", "--show-summary", "none")
    done = subprocess.run(
        [package / PROGRAM, "validate", "--rules", package / RULES, "--data", folder, *options],
        check=False,
        capture_output=True,
        text=True,
    )
    found = json.loads(done.stdout)
    assert len(found) == len(list(folder.rglob("*.yaml")))
    assert any(template["compliant"] for template in found)
    return list(_findings(found))


def test_every_finding_has_its_reason(failed: list[Finding]) -> None:
    """A new finding is mended, or its reason is written down; a reason without a finding goes."""
    assert {control for _, control in failed} == checks_with_reasons(r"CT\.")


def test_the_page_has_the_figures(failed: list[Finding], golden: Golden) -> None:
    """Resources of each example, and the controls that fail for every ten of them."""
    golden(ROOT / "docs" / "enforcement" / "control-tower.md", figures("Control Tower", failed))


def _findings(found: list[dict[str, Any]]) -> Iterator[Finding]:
    """Yield a finding for each rule and template; the control stands in the messages of the rule."""
    for template in found:
        for rule in template["not_compliant"]:
            (control,) = set(CONTROL.findall(json.dumps(rule)))
            yield Path(template["name"]).parent.name, control
