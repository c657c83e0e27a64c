"""Compares the environment of a command line with another state of it, and adds causes and costs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from cli.compiling.compiled import Compiled
from cli.cost.costing import bill_of_templates
from cli.differences.against import Against
from compiler.compile import compile_environment
from compiler.model.template_set import TemplateSet
from deployer.differences.by_hand import ChangeByHand
from deployer.differences.causes import Side, with_cause, with_causes
from deployer.differences.compare import compare
from deployer.differences.difference import Difference
from spec.environment import Environment
from spec.errors import SpecRefusal
from spec.reading.branches import for_branch
from spec.reading.load import parse, text_of, validated
from spec.reading.positioned_yaml import Document, read

OTHER_TEMPLATES = "committed templates that are not of that YAML"
"""The cause of what differs although the YAML is the same: another version of Windsock made them, or nobody did."""


@dataclass(frozen=True, kw_only=True)
class Differing:
    """What differs from which `old` state, and what both cost a month in USD; None where there was nothing before.

    `by_hand` is what people changed since in what is deployed.
    """

    environment: str
    old: str
    difference: Difference
    monthly_before: float | None
    monthly_after: float
    notices: tuple[str, ...] = ()
    by_hand: tuple[ChangeByHand, ...] = ()


def differing(compiled: Compiled, against: Against, branch: str | None) -> Differing:
    """Compare; raises `SpecRefusal` where the other YAML is refused and no template of that state is known."""
    return with_former(compiled, against, branch)[1]


def with_former(compiled: Compiled, against: Against, branch: str | None) -> tuple[TemplateSet, Differing]:
    """Compare, and return the templates of the other state too, which may be none; raises `SpecRefusal` likewise."""
    if against.yaml is None:
        return against.reviewed or _nothing(compiled.env.name), of_templates(
            compiled.templates, against, compiled.awake
        )
    try:
        before = parse(against.yaml, against.file, compiled.project)
    except SpecRefusal as refusal:
        if against.reviewed is None:
            raise
        notice = f"This Windsock refuses the YAML, so what brings a change is not known: {refusal.what}."
        return against.reviewed, replace(of_templates(compiled.templates, against, compiled.awake), notices=(notice,))
    former = _Former.of(compiled, against, before, branch)
    return former.templates, _of_yaml(compiled, against, before, former)


def of_templates(templates: TemplateSet, against: Against, awake: float | None = None) -> Differing:
    """Compare with templates whose YAML is not known; `awake` as for `bill_of_templates`."""
    reviewed = against.reviewed or _nothing(templates.name)
    return Differing(
        environment=templates.name,
        old=against.words,
        difference=compare(reviewed, templates),
        monthly_before=bill_of_templates(reviewed, awake).monthly if reviewed.nested else None,
        monthly_after=bill_of_templates(templates, awake).monthly,
    )


def former_templates(compiled: Compiled, against: Against, branch: str | None) -> TemplateSet:
    """Return the templates of the other state, which may be none; raises `SpecRefusal` as `differing` does."""
    if against.yaml is None:
        return against.reviewed or _nothing(compiled.env.name)
    try:
        before = parse(against.yaml, against.file, compiled.project)
    except SpecRefusal:
        if against.reviewed is None:
            raise
        return against.reviewed
    return _Former.of(compiled, against, before, branch).templates


@dataclass(frozen=True, kw_only=True)
class _Former:
    """The other state under the name of this one, as another name is that of another file, and no change.

    `baseline` is what its YAML compiles to; `templates` count, which are those that were reviewed where there are any.
    """

    own: Document
    name: str
    branch: str | None
    baseline: TemplateSet
    templates: TemplateSet

    @classmethod
    def of(cls, compiled: Compiled, against: Against, before: Environment, branch: str | None) -> "_Former":
        """Compile what the other YAML says."""
        own = read(text_of(compiled.path), str(compiled.path))
        name = str(_mapping(own).get("name"))
        baseline = compile_environment(for_branch(before.model_copy(update={"name": name}), branch))
        counts = against.reviewed if against.reviewed and before.name == name and not branch else baseline
        return cls(own=own, name=name, branch=branch, baseline=baseline, templates=counts)


def _of_yaml(compiled: Compiled, against: Against, before: Environment, former: _Former) -> Differing:
    """Compare with an environment whose YAML is known."""
    document = read(against.yaml or "", against.file)
    _mapping(document)["name"] = former.name

    def compiled_of(yaml: dict[str, Any]) -> TemplateSet:
        return compile_environment(for_branch(validated(yaml, compiled.project), former.branch))

    found = of_templates(compiled.templates, replace(against, reviewed=former.templates), compiled.awake)
    sides = Side(document, former.baseline), Side(former.own, compiled.templates)
    difference = with_causes(found.difference, *sides, compiled_of)
    if former.templates is not former.baseline:
        difference = with_cause(difference, OTHER_TEMPLATES, compare(former.templates, former.baseline))
    return replace(found, difference=difference, notices=tuple(_notices(against, before, former.name)))


def _notices(against: Against, before: Environment, name: str) -> Iterator[str]:
    if before.name != name:
        yield f"{against.file} is the environment {before.name}; here it is compared as if it were {name}."


def _nothing(name: str) -> TemplateSet:
    return TemplateSet(name=name, files={}, nested=())


def _mapping(document: Document) -> dict[str, Any]:
    return document.value if isinstance(document.value, dict) else {}
