"""Reads templates back as plain data, with the short intrinsics in their long form."""

from typing import Any

import yaml


def read_template(text: str) -> Any:
    """Return the template in `text`, YAML or JSON; `!Ref x` becomes `{"Ref": "x"}`."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506  # a safe loader with tags, see below


class _Loader(yaml.CSafeLoader):
    """Reads `!Ref x` as `{"Ref": "x"}` and `!Sub x` as `{"Fn::Sub": "x"}`."""


def _intrinsic(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    name = tag if tag == "Ref" else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    if isinstance(node, yaml.MappingNode):
        return {name: loader.construct_mapping(node, deep=True)}
    return {name: None}


_Loader.add_multi_constructor("!", _intrinsic)
