"""A platform team demands tags of every environment of a project, and each one without them is refused at its line."""

from pathlib import Path

import pytest

from spec.errors import Fault, SpecRefusal
from spec.reading.house_rules import FILE
from spec.reading.load import load
from tests.spec.minimal import TEXT

RULES = 'tags: {owner: ".+", cost-center: "[0-9]{4}"}\n'
LINE = 'aws: {account: "123456789012", region: us-west-2}'


def _faults(folder: Path, tags: str = "", rules: str = RULES) -> tuple[Fault, ...]:
    (folder / FILE).write_text(rules)
    text = TEXT.replace(LINE, LINE.replace("}", f", tags: {tags}}}") if tags else LINE)
    (folder / "env.yaml").write_text(text)
    try:
        load(folder / "env.yaml")
    except SpecRefusal as refusal:
        return refusal.faults
    return ()


def test_an_environment_with_the_tags_is_right(tmp_path: Path) -> None:
    """More of them do no harm, and without a file of rules nothing is demanded."""
    assert _faults(tmp_path, '{owner: ann, cost-center: "1234", team: data}') == ()
    (tmp_path / FILE).unlink()
    assert load(tmp_path / "env.yaml").name == "demo"


def test_each_missing_tag_is_named_where_it_belongs(tmp_path: Path) -> None:
    """At the tags, or at the section without any."""
    first, second = _faults(tmp_path)
    assert (first.line, first.path) == (2, "aws")
    assert first.message == "the tag owner is missing, which house_rules.yaml demands"
    assert second.hint == "add cost-center to aws.tags, that matches [0-9]{4}"
    (only,) = _faults(tmp_path, "{owner: ann}")
    assert only.path == "aws.tags"


def test_a_value_that_does_not_match_is_refused_at_its_place(tmp_path: Path) -> None:
    """The whole value must match."""
    (fault,) = _faults(tmp_path, '{owner: ann, cost-center: "12345"}')
    assert (fault.line, fault.path) == (2, "aws.tags.cost-center")
    assert fault.hint == "give it a value that matches [0-9]{4}"


@pytest.mark.parametrize("rules", ["", "[]", "owner: '.+'", "tags: [owner]", "tags: {owner: '('}", "tags: {owner: 1}"])
def test_rules_that_are_none_are_refused_in_their_own_file(tmp_path: Path, rules: str) -> None:
    """With the form that they have."""
    (fault,) = _faults(tmp_path, rules=rules)
    assert fault.file == str(tmp_path / FILE)
    assert "cost-center" in fault.hint
