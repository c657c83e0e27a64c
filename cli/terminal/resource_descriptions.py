"""Reads the descriptions of resources from the templates, by logical path below the root stack."""

from collections.abc import Iterator

from compiler.contract import title
from compiler.model.template_set import ROOT, TemplateSet
from compiler.model.yaml_reader import read_template


def descriptions(templates: TemplateSet) -> dict[str, str]:
    """Map logical paths, such as `Database/Instance`, to descriptions."""
    found = dict(_of(templates.files[ROOT], ""))
    for name in templates.nested:
        found |= _of(templates.files[f"{name}.yaml"], f"{title(name)}/")
    return found


def _of(template: str, prefix: str) -> Iterator[tuple[str, str]]:
    resources = read_template(template)["Resources"]
    for logical_id, resource in resources.items():
        if text := resource.get("Metadata", {}).get("Description"):
            yield f"{prefix}{logical_id}", text
