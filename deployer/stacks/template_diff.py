"""Compares a deployed template with a new one, offline: what changes, and which resource would be lost or replaced."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.model.yaml_reader import read_template
from deployer.stacks.stateful_types import STATEFUL

Resources = Mapping[str, Mapping[str, Any]]

_IMPORT = "Fn::ImportValue"
_ROLE = "AWS::IAM::Role"
_ROLE_CREATE_ONLY = ("Path", "RoleName")
"""Source: `createOnlyProperties` of AWS::IAM::Role in the CloudFormation registry."""


ALLOW_REPLACE, ALLOW_LOSS = "--allow-replace", "--allow-loss"


@dataclass(frozen=True)
class Loss:
    """One stateful resource in danger: its logical path, its type and what would happen to it.

    Of what a key of the YAML keeps, `path` is the key, and there is no type.
    """

    path: str
    type: str
    what: str

    @property
    def allowed_by(self) -> str:
        """The option that lets it happen."""
        return ALLOW_REPLACE if self.type else ALLOW_LOSS

    def __str__(self) -> str:
        """Return one sentence."""
        return f"{self.path} ({self.type}) {self.what}." if self.type else f"{self.path}: {self.what}."


def resources(template: str) -> Resources:
    """Return the resources of a template, in YAML or JSON, with short intrinsics as plain values."""
    found: Resources = read_template(template).get("Resources", {})
    return found


def imports_of(value: Any) -> frozenset[str]:
    """Return the names of the exports that a template, or a part of one, imports."""
    if isinstance(value, Mapping):
        own = {value[_IMPORT]} if _IMPORT in value else set()
        return frozenset(own).union(*map(imports_of, value.values()))
    return frozenset[str]().union(*map(imports_of, value)) if isinstance(value, list) else frozenset()


def losses(path: str, old: Resources, new: Resources) -> Iterator[Loss]:
    """Yield what going from `old` to `new` would do to stateful resources; `path` is the stack's logical path."""
    for name, resource in old.items():
        type_ = str(resource.get("Type"))
        if type_ not in STATEFUL:
            continue
        where = _join(path, name)
        successor = new.get(name)
        if successor is None or successor.get("Type") != type_:
            yield Loss(where, type_, "would be removed")
            continue
        changed = _changed(resource.get("Properties", {}), successor.get("Properties", {}))
        replacing = sorted(changed & (STATEFUL[type_].always | STATEFUL[type_].sometimes))
        if replacing:
            yield Loss(where, type_, f"would be replaced, because of {' and '.join(replacing)}")


def replaced_roles(old: Resources, new: Resources) -> Iterator[str]:
    """Yield the logical ids of the roles that going from `old` to `new` replaces; any other change leaves a role."""
    for name, role in new.items():
        if role.get("Type") == _ROLE and name in old and _identity(old[name]) != _identity(role):
            yield name


def _identity(role: Mapping[str, Any]) -> tuple[Any, ...]:
    properties = role.get("Properties", {})
    return tuple(properties.get(name) for name in _ROLE_CREATE_ONLY)


def _join(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    return {key for key in {*old, *new} if old.get(key) != new.get(key)}
