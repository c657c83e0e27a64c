"""Promises of lint: it finds what CloudFormation would refuse, at its place, once, and remembers what is clean."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compiler.lint import WAIVED, WAIVED_FOR_ADDRESSES, Finding, _key, lint
from compiler.model.template_set import BOOTSTRAP, ROOT, TemplateSet
from spec.aws_facts.regions import REGIONS

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

CHECKOUT = Path(__file__).parents[2]

UNCHANGED = """
import sys
from pathlib import Path
from compiler.compile import compile_environment
from compiler.lint import lint
from spec.reading.load import load
env = load(Path(sys.argv[1]))
print(lint(compile_environment(env), region=env.aws.region, cache=Path(sys.argv[2])), "cfnlint" in sys.modules)
"""

SCHEMAS = """
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from compiler.lint import _use_own_schemas
print(PROVIDER_SCHEMA_MANAGER._providers_dir)
_use_own_schemas()
print(PROVIDER_SCHEMA_MANAGER._providers_dir)
"""
"""Prints which schemas the linter would read, and which it reads here."""


def _with_fault(templates: TemplateSet, file: str, right: str, wrong: str) -> TemplateSet:
    text = templates.files[file]
    assert right in text
    return dataclasses.replace(templates, files={**templates.files, file: text.replace(right, wrong, 1)})


def _only_line(templates: TemplateSet, finding: Finding) -> str:
    return templates.files[finding.file].splitlines()[finding.line - 1]


def test_every_golden_is_clean(case: Case) -> None:
    """No error, no warning, no hint."""
    assert lint(case.templates, region=case.env.aws.region) == ()


@pytest.mark.parametrize(
    ("fault", "rule", "at"),
    [
        (("services.yaml", "Memory: '1024'", "Memory: '8192'"), "E3047", "Properties:"),
        (("storage.yaml", "ThroughputMode", "ThroughputMod"), "E3002", "ThroughputMod: elastic"),
        (("database.yaml", "db.t4g.micro", "db.t4g.mini"), "E3025", "DBInstanceClass: db.t4g.mini"),
        (("database.yaml", "StorageEncrypted: true", "StorageEncrypted: maybe"), "E3012", "StorageEncrypted: maybe"),
        (("edge.yaml", "!Ref TargetGroup", "!Ref TargetGrup"), "E1020", "!Ref TargetGrup"),
        (("platform.yaml", "ecr:BatchGetImage", "ecr:BatchGetImages"), "W3037", "Action:"),
        ((ROOT, "Outputs.Vpc\n", "Outputs.Vcp\n"), "E1010", "!GetAtt Network.Outputs.Vcp"),
        (
            (ROOT, "CommandSecurityGroup\n  SyncSec", "CommandSecurtyGroup\n  SyncSec"),
            "E6101",
            "Outputs.CommandSecurtyGroup",
        ),
        ((ROOT, "Outputs.RepositoryUri}", "Outputs.RepositoryUrl}"), "E1019", "ImageUri: !Sub"),
        ((ROOT, "        Vpc: !GetAtt Network.Outputs.Vpc\n", ""), "E3043", "Parameters:"),
        ((ROOT, "TemplatesUrl:\n    Type: String", "TemplatesUrl:\n    Type: Sring"), "E2002", "Type: Sring"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_planted_faults_are_found(smallest: Case, fault: tuple[str, str, str], rule: str, at: str) -> None:
    """A fault in any template, also between parent and nested stack, has its line and its message."""
    templates = _with_fault(smallest.templates, *fault)
    found = {finding.rule: finding for finding in lint(templates, region="us-west-2")}
    assert rule in found, found
    finding = found[rule]
    assert finding.file == fault[0]
    assert at in _only_line(templates, finding)
    assert finding.message
    assert finding.severity == ("warning" if rule.startswith("W") else "error")


def test_an_unused_parameter_of_the_root_is_found(smallest: Case) -> None:
    """The rule is waived for the addresses of templates alone."""
    extra = "Parameters:\n  Idle:\n    Type: String\n"
    templates = _with_fault(smallest.templates, ROOT, "Parameters:\n", extra)
    assert [(finding.rule, finding.line) for finding in lint(templates, region="us-west-2")] == [("W2001", 4)]


def test_a_bootstrap_template_too_large_for_a_request_is_found(smallest: Case) -> None:
    """There is no bucket yet from which CloudFormation could read it."""
    long = smallest.templates.files[BOOTSTRAP] + "#" * 52_000
    templates = dataclasses.replace(smallest.templates, files={**smallest.templates.files, BOOTSTRAP: long})
    (finding,) = lint(templates, region="us-west-2")
    assert (finding.file, finding.rule) == (BOOTSTRAP, "inline-size")
    assert "51200" in finding.message


def test_limits_of_cloudformation_are_known(smallest: Case) -> None:
    """More outputs than CloudFormation takes are found before it counts them."""
    outputs = "".join(f"  Output{index}:\n    Value: x\n" for index in range(201))
    templates = _with_fault(smallest.templates, "registry.yaml", "Outputs:\n", f"Outputs:\n{outputs}")
    assert "E6010" in {finding.rule for finding in lint(templates, region="us-west-2")}


def test_every_region_is_known(smallest: Case) -> None:
    """Each region that a YAML may name is one that the linter knows."""
    from cfnlint.helpers import REGIONS as KNOWN  # noqa: PLC0415 (slow, and only this test needs it)

    assert set(REGIONS) <= set(KNOWN)
    assert smallest.env.aws.region in KNOWN


def test_schemas_of_this_machine_are_ignored(smallest: Case, tmp_path: Path) -> None:
    """Newer ones that `cfn-lint --update-specs` has fetched change no result, so no cached one either."""
    folder = tmp_path / "aws" / "cfn-lint" / "schemas"
    for kind in ("providers", "resources"):
        (folder / kind).mkdir(parents=True)
        (folder / kind / f"{smallest.env.aws.region}.json").write_text("{}", encoding="utf-8")
    (folder / "version.json").write_text('{"schema_date": "2999-01-01T00:00:00Z"}', encoding="utf-8")
    variables = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    command = [sys.executable, "-c", SCHEMAS]
    done = subprocess.run(command, cwd=CHECKOUT, env=variables, check=True, capture_output=True, text=True)
    fetched, own = done.stdout.splitlines()
    assert fetched == str(folder / "providers")
    assert "site-packages" in own


def test_a_clean_result_is_remembered(smallest: Case, tmp_path: Path) -> None:
    """Templates that were clean are not linted again: the second time the linter is not even imported."""
    assert lint(smallest.templates, region=smallest.env.aws.region, cache=tmp_path) == ()
    command = [sys.executable, "-c", UNCHANGED, str(smallest.folder / "env.yaml"), str(tmp_path)]
    done = subprocess.run(command, cwd=CHECKOUT, env=os.environ, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["()", "False"]


def test_findings_are_not_remembered(smallest: Case, tmp_path: Path) -> None:
    """A template with a fault is faulty every time, also after clean ones were seen; the others are remembered."""
    templates = _with_fault(smallest.templates, "storage.yaml", "ThroughputMode", "ThroughputMod")
    first = lint(templates, region="us-west-2", cache=tmp_path)
    assert {finding.file for finding in first} == {"storage.yaml"}
    assert lint(templates, region="us-west-2", cache=tmp_path) == first
    assert len(list(tmp_path.iterdir())) == len(templates.files) - 1


def test_a_fault_between_templates_is_found_after_a_clean_result(smallest: Case, tmp_path: Path) -> None:
    """A root that has not changed is linted anew for a change of any other, since it is checked with them."""
    for name in smallest.templates.files:
        (tmp_path / _key(smallest.templates, name, "us-west-2")).touch()
    assert lint(smallest.templates, region="us-west-2", cache=tmp_path) == ()
    fault = ("Outputs:\n  CodeBucket:", "Outputs:\n  CodeBuckt:")
    found = lint(_with_fault(smallest.templates, "storage.yaml", *fault), region="us-west-2", cache=tmp_path)
    assert ROOT in {finding.file for finding in found}


def test_a_clean_result_counts_for_its_region_alone(smallest: Case) -> None:
    """What a region offers decides."""
    for name in smallest.templates.files:
        assert _key(smallest.templates, name, "us-west-2") != _key(smallest.templates, name, "eu-central-1")


def test_a_clean_result_counts_for_its_template_alone(smallest: Case) -> None:
    """Another byte in it, and it is linted anew; the root also for another byte in any other, and for one more."""
    templates = smallest.templates
    before = {name: _key(templates, name, "us-west-2") for name in templates.files}
    assert len(set(before.values())) == len(before)
    for changed, text in templates.files.items():
        other = dataclasses.replace(templates, files={**templates.files, changed: f"{text}#"})
        after = {name: _key(other, name, "us-west-2") for name in templates.files}
        assert {name for name in before if before[name] != after[name]} == {changed, ROOT}
    more = dataclasses.replace(templates, files={**templates.files, "more.yaml": ""})
    assert _key(more, ROOT, "us-west-2") != before[ROOT]


def test_nested_templates_that_differ_in_the_name_of_the_environment_share_a_result(smallest: Case) -> None:
    """It stands in the description; one that may be wrong counts, and so does everything else."""
    templates = smallest.templates
    text = templates.files["services.yaml"]
    mine = next(line for line in text.splitlines() if line.startswith("Description:"))
    before = _key(templates, "services.yaml", "us-west-2")
    for line, shared in (
        ("Description: 'another-name services: Something else'", True),
        ("Description: [a list]", False),
        (f"Description: '{'x' * 1025}'", False),
        (f"{mine}\nConditions: {{}}", False),
    ):
        other = dataclasses.replace(templates, files={**templates.files, "services.yaml": text.replace(mine, line, 1)})
        assert (_key(other, "services.yaml", "us-west-2") == before) is shared


def test_every_waived_rule_has_its_reason() -> None:
    """No rule is waived without one."""
    for reasons in (WAIVED, WAIVED_FOR_ADDRESSES):
        assert all(len(reason.split()) > 5 for reason in reasons.values())


def test_settings_in_the_current_directory_are_ignored(
    smallest: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A .cfnlintrc there changes no result."""
    (tmp_path / ".cfnlintrc").write_text("ignore_checks: [E3002]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    templates = _with_fault(smallest.templates, "storage.yaml", "ThroughputMode", "ThroughputMod")
    assert [finding.rule for finding in lint(templates, region="us-west-2")] == ["E3002"]


def test_a_finding_names_its_place() -> None:
    """File, line, column, rule and message stand on one line, in the form that editors follow."""
    finding = Finding(file="edge.yaml", line=12, column=3, rule="E3002", message="no such property", severity="error")
    assert str(finding) == "edge.yaml:12:3: E3002 no such property"
