"""Reads `house_rules.yaml` of a project: the tags that a platform team demands of every environment in it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from spec.environment import Environment
from spec.errors import Fault, SpecRefusal
from spec.reading.positioned_yaml import Document, Path, Place, read

FILE = "house_rules.yaml"
"""The name of the file, beside the environment YAMLs."""

_TAGS = "tags"
_START = Place(1, 1, "")
_FORM = 'such as `tags: {owner: ".+", cost-center: "[0-9]{4}"}`: each tag with a regular expression of its whole value'


def demanded_tags(text: str, file: str) -> Mapping[str, re.Pattern[str]]:
    """Return the expression that the value of each tag must match; raises `SpecRefusal` with every mistake."""
    document = read(text, file)
    found = dict(_expressions(document))
    if document.faults:
        raise SpecRefusal(tuple(sorted(document.faults, key=lambda fault: (fault.line, fault.column))))
    return found


def tag_faults(demanded: Mapping[str, re.Pattern[str]], env: Environment, document: Document) -> Iterator[Fault]:
    """Yield each tag that an environment lacks, or that has another value, at its place in the YAML."""
    for tag, expression in demanded.items():
        value = env.aws.tags.get(tag)
        if value is None:
            path: Path = ("aws", _TAGS) if env.aws.tags else ("aws",)
            message = f"the tag {tag} is missing, which {FILE} demands"
            yield document.fault(path, document.keys[path], message, f"add {tag} to aws.tags, {_shape(expression)}")
        elif not expression.fullmatch(value):
            path = ("aws", _TAGS, tag)
            message = f"{value} is no value of the tag {tag} that {FILE} allows"
            yield document.fault(path, document.values[path], message, f"give it a value {_shape(expression)}")


def _shape(expression: re.Pattern[str]) -> str:
    return f"that matches {expression.pattern}"


def _expressions(document: Document) -> Iterator[tuple[str, re.Pattern[str]]]:
    rules: Any = document.value
    if not isinstance(rules, dict) or rules.keys() != {_TAGS} or not isinstance(rules[_TAGS], dict):
        document.add_fault((), document.values.get((), _START), f"{FILE} has one key, tags, with a mapping", _FORM)
        return
    for tag, text in rules[_TAGS].items():
        path: Path = (_TAGS, tag)
        try:
            yield tag, re.compile(text if isinstance(text, str) else "(")
        except re.error:
            document.add_fault(path, document.values[path], "this is no regular expression", _FORM)
