"""Turns a template into the YAML that people review: AWS's order, short intrinsics, the same bytes every time."""

from collections.abc import Mapping
from typing import Any

import yaml
from troposphere import Template

SECTIONS = ("AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Conditions", "Resources", "Outputs")
DECLARATION = ("Type", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Metadata", "Properties")
STATEMENT = ("Sid", "Effect", "Principal", "Action", "Resource", "Condition")
LONGEST_LINE = 4096  # longer than any value: a folded line reads badly and moves with every edit


def write(template: Template) -> str:
    """Return the text of a template."""
    return yaml.dump(_arranged(template.to_dict()), Dumper=_Dumper, sort_keys=False, width=LONGEST_LINE)


def _arranged(template: dict[str, Any]) -> dict[str, Any]:
    sections = _ordered({"AWSTemplateFormatVersion": "2010-09-09", **template}, SECTIONS)
    sections["Resources"] = {
        title: _ordered(resource, DECLARATION) for title, resource in sections["Resources"].items()
    }
    return sections


def _ordered(mapping: Mapping[str, Any], first: tuple[str, ...]) -> dict[str, Any]:
    return {key: mapping[key] for key in first if key in mapping} | dict(mapping)


class _Dumper(yaml.CSafeDumper):
    """Writes intrinsics in their short form, and the statements of policies in the order in which they are read."""

    def represent_data(self, data: Any) -> yaml.Node:
        """Represent a value by its very type, and again wherever it stands: a template has no aliases."""
        return self.yaml_representers[type(data)](self, data)


def _mapping(dumper: _Dumper, data: dict[str, Any]) -> yaml.Node:
    if len(data) == 1:
        ((name, value),) = data.items()
        if name == "Ref" or name.startswith("Fn::"):
            return _intrinsic(dumper, "!" + name.removeprefix("Fn::"), value)
    if "Effect" in data:
        data = _ordered(data, STATEMENT)
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=False)


def _intrinsic(dumper: _Dumper, tag: str, value: Any) -> yaml.Node:
    if tag == "!GetAtt":
        value = ".".join(value)
    if isinstance(value, str):
        return dumper.represent_scalar(tag, value)
    return dumper.represent_sequence(tag, value, flow_style=True)


def _string(dumper: _Dumper, data: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)


_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(str, _string)
