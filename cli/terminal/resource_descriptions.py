"""What each resource is for, in the words of the templates, by its logical path below the root stack."""

from collections.abc import Iterator
from typing import Any

import yaml

from compiler.model.template_set import ROOT, TemplateSet
from compiler.resources.processes import title


def descriptions(templates: TemplateSet) -> dict[str, str]:
    """Map logical paths, such as `Database/Instance`, to descriptions."""
    found = dict(_of(templates.files[ROOT], ""))
    for name in templates.nested:
        found |= _of(templates.files[f"{name}.yaml"], f"{title(name)}/")
    return found


def _of(template: str, prefix: str) -> Iterator[tuple[str, str]]:
    resources = yaml.load(template, Loader=_Loader)["Resources"]  # noqa: S506  # a safe loader that passes over tags
    for logical_id, resource in resources.items():
        if text := resource.get("Metadata", {}).get("Description"):
            yield f"{prefix}{logical_id}", text


class _Loader(yaml.CSafeLoader):
    """Reads templates without caring for CloudFormation's functions."""


def _ignore(_loader: _Loader, _suffix: str, _node: yaml.Node) -> Any:
    return None


_Loader.add_multi_constructor("!", _ignore)
