"""The reader gives plain values and knows where each stood."""

import pytest

from spec.errors import SpecRefusal
from spec.reading.positioned_yaml import MAXIMUM_DEPTH, at, dotted, read


def test_plain_scalars_have_the_values_of_yaml_1_2() -> None:
    """Plain words become what YAML 1.2 says they are; quoted ones stay text."""
    document = read("[1, -2, 1.5, true, False, null, ~, '1', \"true\", 2.5.3, 2024-01-01, x]", "x.yaml")
    assert document.value == [1, -2, 1.5, True, False, None, None, "1", "true", "2.5.3", "2024-01-01", "x"]
    assert document.faults == []


@pytest.mark.parametrize(
    "text", ["yes", "Off", "012", "0x1F", "0o17", "0b1", "1_000", "12:30", "1:30:00", "1e3", "-0123", "+1_0"]
)
def test_words_that_yaml_versions_read_differently_are_faults(text: str) -> None:
    """A plain word that means different things to YAML 1.1 and 1.2 is a mistake that quotes repair."""
    assert len(read(f"a: {text}", "x.yaml").faults) == 1
    assert read(f"a: '{text}'", "x.yaml").faults == []


def test_each_value_has_line_column_and_text() -> None:
    """Keys and values know line, column and what was written, also behind wide characters."""
    document = read("name: 'é𝄞'\naws: {region:  us-west-2}\n", "x.yaml")
    key, value = document.keys["aws", "region"], document.values["aws", "region"]
    assert (key.line, key.column, key.text) == (2, 7, "region")
    assert (value.line, value.column, value.text) == (2, 16, "us-west-2")
    assert document.values["name",].text == "'é𝄞'"


def test_keys_stay_text() -> None:
    """A key that looks like a number or a boolean stays the text that the user wrote."""
    assert read("2024: a\nyes: b\n", "x.yaml").value == {"2024": "a", "yes": "b"}


def test_very_long_numbers_stay_text() -> None:
    """Thousands of digits neither stall nor break the reader."""
    digits = "1" * 10_000
    assert read(f"[{digits}, {digits}.5]", "x.yaml").value == [digits, f"{digits}.5"]


@pytest.mark.parametrize("unit", ["1_", "1:", "1.", "0_", "a-"])
def test_a_long_word_is_read_in_linear_time(unit: str) -> None:
    """A word of 200,000 characters that nearly is a number never ends, where a pattern tries every way to cut it."""
    word = unit * 100_000 + "x"
    assert read(f"- {word}", "x.yaml").value == [word]


def test_a_long_message_keeps_its_ends() -> None:
    """A value of any length is quoted with its middle left out."""
    document = read("a: 1", "x.yaml")
    fault = document.fault(("a",), document.values["a",], f"{'x' * 90_000!r} is no domain", "short")
    assert len(fault.message) < 2100
    assert fault.message.startswith("'xxx")
    assert fault.message.endswith(" is no domain")


@pytest.mark.parametrize("text", ["{{resolve:ssm:x}}", "a{{resolve:secretsmanager:other:SecretString:password}}b"])
def test_a_dynamic_reference_is_refused(text: str) -> None:
    """CloudFormation would put another application's secret where the YAML's author can read it."""
    for written in (f"tags: {{team: '{text}'}}", f"a: ['{text}']", f"'{text}': x"):
        (fault,) = read(written, "x.yaml").faults
        assert "secret of the account" in fault.message
        assert fault.line == 1


def test_deep_nesting_is_refused() -> None:
    """Nesting is read up to the bound and refused beyond it."""
    allowed = MAXIMUM_DEPTH - 1
    assert read("[" * allowed + "]" * allowed, "x.yaml").faults == []
    with pytest.raises(SpecRefusal, match="deeper"):
        read("[" * 30 + "]" * 30, "x.yaml")


def test_a_path_is_spelt_with_dots_and_brackets() -> None:
    """Names follow dots, indexes stand in brackets."""
    assert dotted(("network", "allowed_cidrs", 0)) == "network.allowed_cidrs[0]"


def test_a_value_is_found_by_its_path() -> None:
    """A path that leads nowhere gives nothing."""
    tree = read("a: [b, {c: d}]", "x.yaml").value
    assert at(tree, ("a", 1, "c")) == "d"
    assert at(tree, ("a", 7)) is None
    assert at(tree, ("a", "c")) is None


def test_a_key_that_is_missing_is_near_the_section_around_it() -> None:
    """Or near nothing, where even that is missing."""
    document = read("database:\n  version: 16\n", "env.yaml")
    assert document.nearest(("database", "version"))[0] == ("database", "version")
    path, place = document.nearest(("database", "instance"))
    assert (path, place.line if place else 0) == (("database",), 1)
    assert document.nearest(("services", "scheduler", "count")) == ((), None)
