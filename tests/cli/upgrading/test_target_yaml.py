"""The YAML is read as if it named the other release."""

from cli.upgrading.target_yaml import yaml_findings
from spec.reading.positioned_yaml import read
from spec.releases.table import RELEASES
from tests.deployer.fakes.environment import DATABASE, YAML


def _found(text: str, target: str) -> list[tuple[int, str, str]]:
    found = yaml_findings(text, read(text, "env.yaml"), RELEASES[target])
    return [(finding.line, finding.rule, finding.message) for finding in found]


def test_the_python_must_change_with_the_release() -> None:
    """With its line, and what would be right."""
    offered = " or ".join(f'"{python}"' for python in RELEASES["3.3.2"].pythons)
    assert _found(YAML + DATABASE, "3.3.2") == [(4, "python", f"Windsock runs Airflow 3.3.2 on Python {offered}")]


def test_a_key_that_the_release_does_not_take_is_found() -> None:
    """By the same rules as if the line were changed."""
    text = YAML.replace("airflow: {", "airflow: {executor: nothing, ") + DATABASE
    assert [rule for _, rule, _ in _found(text, "2.5.3")] == ["yaml"]


def test_the_same_release_finds_nothing() -> None:
    """Values stay quoted or plain as they are."""
    assert _found(YAML + DATABASE, "2.5.3") == []
    assert _found(YAML.replace("2.5.3", "'2.5.3'") + DATABASE, "2.5.3") == []
