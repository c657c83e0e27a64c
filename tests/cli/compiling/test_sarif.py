"""What a compile finds is SARIF that GitHub takes: at the lines of the YAML, with a rule for each result."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.compiling.linting import LintFinding
from cli.compiling.sarif import of_lint, of_notices, of_refusal, sarif
from compiler.lint import Finding
from spec.errors import Fault, Refusal, SpecRefusal

YAML = 'name: demo\naws:\n  account: "123456789012"\n'
LEVELS = frozenset({"none", "note", "warning", "error"})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a YAML, in which the test stands."""
    (tmp_path / "env.yaml").write_text(YAML, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _results(text: str) -> list[dict[str, Any]]:
    """Return the results of a file that has the shape that the schema of SARIF 2.1.0 asks for."""
    log = json.loads(text)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert {"name", "rules"} <= driver.keys()
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in LEVELS
        assert result["message"]["text"]
        for place in (*result["locations"], *result.get("relatedLocations", ())):
            physical = place["physicalLocation"]
            assert not Path(physical["artifactLocation"]["uri"]).is_absolute()
            assert min(physical["region"].values()) >= 1
    results: list[dict[str, Any]] = run["results"]
    return results


def _at(result: dict[str, Any]) -> tuple[str, int, int]:
    physical = result["locations"][0]["physicalLocation"]
    region = physical["region"]
    return physical["artifactLocation"]["uri"], region["startLine"], region["startColumn"]


def test_a_clean_compile_is_a_run_without_results() -> None:
    """GitHub takes what it showed before as mended."""
    assert _results(sarif([])) == []


def test_a_mistake_stands_at_its_line(folder: Path) -> None:
    """An absolute path becomes one below the checkout; the first line stands for a file as a whole."""
    faults = (
        Fault(file=str(folder / "env.yaml"), line=3, column=12, path="aws.account", message="no", hint="12 digits"),
        Fault(file="env.yaml", message="it is empty"),
    )
    first, second = _results(sarif(of_refusal(SpecRefusal(faults), "env.yaml")))
    assert (_at(first), first["level"]) == (("env.yaml", 3, 12), "error")
    assert first["message"]["text"] == "aws.account: no\n12 digits"
    assert _at(second) == ("env.yaml", 1, 1)


@pytest.mark.usefixtures("folder")
def test_another_refusal_belongs_to_the_file() -> None:
    """Such as a folder of templates that is a link."""
    (result,) = _results(sarif(of_refusal(Refusal("It is a link."), "env.yaml")))
    assert (_at(result), result["ruleId"]) == (("env.yaml", 1, 1), "refused")


@pytest.mark.usefixtures("folder")
def test_a_warning_stands_at_the_key_or_at_the_line_of_code_that_it_names() -> None:
    """Or else at the first line of the YAML."""
    notices = (
        "env.yaml: still the values of an example: aws.account: 123456789012.",
        "The code has mistakes.\nairflow_home/dags/x.py:7: invalid syntax",
        "env.yaml: Airflow 2.5.3 reached its end of life.",
    )
    found = _results(sarif(of_notices("env.yaml", notices)))
    assert [_at(one) for one in found] == [
        ("env.yaml", 3, 3),
        ("airflow_home/dags/x.py", 7, 1),
        ("env.yaml", 1, 1),
    ]
    assert {one["level"] for one in found} == {"warning"}


@pytest.mark.usefixtures("folder")
def test_a_finding_of_lint_names_the_template_beside_the_yaml() -> None:
    """People review the YAML."""
    found = Finding(file="network.yaml", line=5, column=7, rule="E3002", message="unexpected", severity="error")
    place = "templates_out/demo/network.yaml"
    (result,) = _results(sarif([of_lint(LintFinding(yaml="env.yaml", file=place, line="x", finding=found))]))
    assert (_at(result)[0], result["ruleId"]) == ("env.yaml", "E3002")
    related = result["relatedLocations"][0]["physicalLocation"]
    assert (related["artifactLocation"]["uri"], related["region"]["startLine"]) == (place, 5)
