"""The resources of a template set by logical path, and which of them take a value of which others.

Values pass from one nested stack to another by an output, the root, and a parameter; here they are followed through.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from compiler.contract import BOOTSTRAP_STACK, title
from compiler.model.template_set import BOOTSTRAP, ROOT, TemplateSet
from compiler.model.yaml_reader import read_template

NESTED = "AWS::CloudFormation::Stack"
_IN_TEXT = re.compile(r"\$\{([A-Za-z0-9]+)")
_OUTPUTS = "Outputs."


@dataclass(frozen=True)
class Reference:
    """A place at which a resource takes a value of another: the property's path, and the other's logical path."""

    property: str
    target: str


@dataclass(frozen=True)
class StackGraph:
    """The parsed templates of an environment by the logical ids of their stacks; the root has the empty one."""

    stacks: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, templates: TemplateSet) -> "StackGraph":
        """Read the templates."""
        files = {"": ROOT, BOOTSTRAP_STACK: BOOTSTRAP, **{title(name): f"{name}.yaml" for name in templates.nested}}
        present = {stack: templates.files[file] for stack, file in files.items() if file in templates.files}
        return cls({stack: read_template(text) or {} for stack, text in present.items()})

    @cached_property
    def resources(self) -> Mapping[str, Mapping[str, Any]]:
        """Every resource by its logical path; nested stacks count by what is in them."""
        return {
            _join(stack, name): resource
            for stack, template in self.stacks.items()
            for name, resource in template.get("Resources", {}).items()
            if resource.get("Type") != NESTED
        }

    def references(self, path: str) -> Iterator[Reference]:
        """Yield the resources of which the resource at `path` takes a value."""
        stack, _, name = path.rpartition("/")
        for where, word in _words(self.stacks[stack]["Resources"][name].get("Properties", {}), ""):
            yield from (Reference(where, target) for target in self._targets(stack, word))

    def _targets(self, stack: str, word: str) -> Iterator[str]:
        """Yield the logical paths that a reference to `word` in a stack leads to; none for a parameter of the root."""
        template = self.stacks.get(stack, {})
        name, _, attribute = word.partition(".")
        if name in template.get("Resources", {}):
            if template["Resources"][name].get("Type") != NESTED:
                yield _join(stack, name)
            elif attribute.startswith(_OUTPUTS):
                yield from self._outputs(name, attribute.removeprefix(_OUTPUTS))
        elif stack and name in template.get("Parameters", {}):
            nested = self.stacks.get("", {}).get("Resources", {}).get(stack, {})
            argument = nested.get("Properties", {}).get("Parameters", {}).get(name)
            for _, passed in _words(argument, ""):
                yield from self._targets("", passed)

    def _outputs(self, stack: str, output: str) -> Iterator[str]:
        value = self.stacks.get(stack, {}).get("Outputs", {}).get(output, {}).get("Value")
        for _, word in _words(value, ""):
            yield from self._targets(stack, word)


def _join(stack: str, name: str) -> str:
    return f"{stack}/{name}" if stack else name


def _words(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield each reference below a value as the path of its property and `Name` or `Name.Attribute`."""
    if isinstance(value, list):
        for item in value:
            yield from _words(item, path)
    elif isinstance(value, dict):
        yield from _of_mapping(value, path)


def _of_mapping(value: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for key, inner in value.items():
        if key == "Ref":
            yield path, inner
        elif key == "Fn::GetAtt":
            yield path, inner if isinstance(inner, str) else ".".join(inner)
        elif key == "Fn::Sub":
            text, values = (inner, {}) if isinstance(inner, str) else inner
            yield from ((path, name) for name in _IN_TEXT.findall(text) if name not in values)
            yield from _words([*values.values()], path)
        elif key.startswith("Fn::"):
            yield from _words(inner, path)
        else:
            yield from _words(inner, f"{path}.{key}" if path else key)
