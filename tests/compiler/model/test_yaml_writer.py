"""Promises of the writer: the order in which people read, short intrinsics, and nothing lost on the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml
from troposphere import GetAtt, GetAZs, Join, Output, Parameter, Ref, Select, Split, Sub, Template
from troposphere.ecr import Repository
from troposphere.ssm import Parameter as StoredParameter

from compiler.model.yaml_writer import write

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

DECLARATION = ["Type", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Metadata", "Properties"]


def _value(value: Any) -> str:
    template = Template()
    template.add_resource(StoredParameter("Stored", Type="String", Value=value))
    return write(template).partition("      Value: ")[2].rstrip("\n")


def test_sections_are_in_the_order_of_the_documentation() -> None:
    """A template starts with what it is and ends with what it gives, whatever was added first."""
    template = Template(Description="x")
    template.add_output(Output("Out", Value="x"))
    template.add_resource(Repository("Repository"))
    template.add_parameter(Parameter("In", Type="String"))
    sections = re.findall(r"^(\w+):", write(template), re.MULTILINE)
    assert sections == ["AWSTemplateFormatVersion", "Description", "Parameters", "Resources", "Outputs"]


def test_a_resource_says_first_what_it_is(case: Case) -> None:
    """Type, then what it waits for and whether it is kept, then its description, then the properties."""
    for _, resource in case.everything():
        assert list(resource) == [key for key in DECLARATION if key in resource]
        assert next(iter(resource)) == "Type"


def test_intrinsics_are_short() -> None:
    """Intrinsic functions are written as people write them, on one line, unquoted."""
    assert _value(Ref("Vpc")) == "!Ref Vpc"
    assert _value(Ref("AWS::Region")) == "!Ref AWS::Region"
    assert _value(GetAtt("Db", "Endpoint.Address")) == "!GetAtt Db.Endpoint.Address"
    assert _value(Sub("${A}/${B.Outputs.C}@${D}")) == "!Sub ${A}/${B.Outputs.C}@${D}"
    assert _value(Join(",", [Ref("A"), "b"])) == "!Join [',', [!Ref A, b]]"
    assert _value(Select(1, Split(",", Ref("Subnets")))) == "!Select [1, !Split [',', !Ref Subnets]]"
    assert _value(Select(0, GetAZs(""))) == "!Select [0, !GetAZs '']"


def test_text_stays_text_when_read_back() -> None:
    """What only looks like a number, a date or a truth value is still a string."""
    for text in ("0755", "true", "2012-10-17", "1e3", "no", "", "a: b", "{x}", "*", "!Ref", "'", 'say "x"'):
        assert yaml.safe_load(_value(text)) == text


def test_long_and_many_lines_are_kept() -> None:
    """A script stands there line by line, and no line is folded, however long."""
    assert _value("set -e\nls\n").splitlines()[0] == "|"
    assert _value("word " * 200 + "end") == "word " * 200 + "end"


def test_a_statement_reads_from_who_to_what(case: Case) -> None:
    """A policy's statement starts with its name and effect, then who may do what to which, then when."""
    order = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"]
    for statement in _statements([resource for _, resource in case.everything()]):
        assert list(statement) == [key for key in order if key in statement]


def _statements(tree: Any) -> list[dict[str, Any]]:
    if isinstance(tree, dict):
        found = [tree] if "Effect" in tree else []
        return found + [statement for value in tree.values() for statement in _statements(value)]
    if isinstance(tree, list):
        return [statement for item in tree for statement in _statements(item)]
    return []


def test_nothing_is_written_twice_by_reference(case: Case) -> None:
    """CloudFormation knows no YAML anchors: values that are the same object are written in full."""
    for text in case.templates.files.values():
        assert not re.search(r"(^|\s)[&*]id\d+", text)
