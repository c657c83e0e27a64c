"""Compares two template sets: which resources differ, what becomes of each, and who may do more than before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from compiler.model.asked_counts import asked_counts
from compiler.model.stack_graph import StackGraph
from compiler.model.template_set import TemplateSet
from deployer.differences.consequences import QUIET_REPLACEMENTS, REPLACEMENTS, SERVICE, interruption
from deployer.differences.difference import Danger, Difference, Effect, PropertyChange, ResourceDifference
from deployer.differences.grants import grants, less
from deployer.differences.ports import ports
from deployer.differences.update_behaviour import effect
from deployer.differences.values import changes
from deployer.losses.shortened_life import shortened_memory
from deployer.stacks.stateful_types import STATEFUL
from deployer.stacks.template_diff import losses

_REPLACING = frozenset({Effect.REPLACE, Effect.MAY_REPLACE})
_TYPE = "Type"
_COUNT = "DesiredCount"
_ATTRIBUTES = (_TYPE, "Condition", "DeletionPolicy", "UpdateReplacePolicy")
_KEEPING = frozenset({"Retain", "Snapshot", "RetainExceptOnCreate"})
_MAY_BE_LOST = "a deletion would take its content with it from now on"


def compare(old: TemplateSet, new: TemplateSet) -> Difference:
    """Return what going from `old` to `new` changes, as far as templates can say.

    Values of parameters, such as the image, are not in them.
    """
    return _Comparison(StackGraph.of(old), StackGraph.of(new)).difference()


@dataclass
class _Comparison:
    """Two sets of resources, and the properties of each that differ; replacements spread along the references."""

    old: StackGraph
    new: StackGraph
    before: Mapping[str, Mapping[str, Any]] = field(init=False)
    after: Mapping[str, Mapping[str, Any]] = field(init=False)
    changed: dict[str, list[PropertyChange]] = field(init=False)

    def __post_init__(self) -> None:
        self.before, self.after = self.old.resources, self.new.resources
        both = [path for path in self.after if path in self.before]
        self.changed = {path: list(_properties(self.before[path], self.after[path])) for path in both}
        self._count()
        self._spread()

    def _count(self) -> None:
        """Note which services get another number of tasks: the root says it, in the default of a parameter."""
        before, after = (asked_counts(graph.stacks.get("", {})) for graph in (self.old, self.new))
        for path, found in self.changed.items():
            if self.after[path].get(_TYPE) == SERVICE:
                count = self.after[path].get("Properties", {}).get(_COUNT)
                name = str(count.get("Ref")) if isinstance(count, Mapping) else ""
                old, new = before.get(name, 1), after.get(name, 1)
                if old != new:
                    found.append(PropertyChange(path=_COUNT, before=old, after=new, effect=Effect.IN_PLACE))

    def difference(self) -> Difference:
        old_grants, new_grants = grants(self.old), grants(self.new)
        old_ports, new_ports = ports(self.old), ports(self.new)
        return Difference(
            resources=tuple(self._resources()),
            granted=less(new_grants, old_grants),
            revoked=less(old_grants, new_grants),
            opened=tuple(port for port in new_ports if port not in old_ports),
            closed=tuple(port for port in old_ports if port not in new_ports),
            unchanged=sum(not changes_ for changes_ in self.changed.values()),
        )

    def _spread(self) -> None:
        """Note where a resource takes a value of one that is replaced, until no more of them are."""
        spread: set[str] = set()
        while replaced := {path for path in self.changed if self._is_replaced(path)} - spread:
            spread |= replaced
            for path, found in self.changed.items():
                for reference in self.new.references(path):
                    if reference.target in replaced:
                        found.append(self._taken(path, reference.property, reference.target))

    def _taken(self, path: str, name: str, target: str) -> PropertyChange:
        value = {"Ref": target.rpartition("/")[2]}
        what = _effect(str(self.after[path].get("Type")), name)
        return PropertyChange(path=name, before=value, after=value, effect=what, replaced=target)

    def _is_replaced(self, path: str) -> bool:
        return any(change.effect is Effect.REPLACE for change in self.changed[path])

    def _resources(self) -> Iterator[ResourceDifference]:
        lost = {path: what for stack in self.old.stacks for path, what in self._losses(stack)}
        for path, resource in self.after.items():
            if path not in self.before:
                yield _difference(path, resource, Danger.ADDED)
            elif self.changed[path]:
                yield self._changed(path, lost.get(path, ""))
        for path, resource in self.before.items():
            if path not in self.after:
                danger = Danger.STATE if path in lost else Danger.REMOVED
                yield _difference(path, resource, danger, lost.get(path, ""))

    def _losses(self, stack: str) -> Iterator[tuple[str, str]]:
        """Yield what the replacement guard refuses, so that both say the same of every resource with state."""
        old, new = (graph.stacks.get(stack, {}).get("Resources", {}) for graph in (self.old, self.new))
        yield from ((loss.path, loss.what) for loss in losses(stack, old, new))

    def _changed(self, path: str, loss: str) -> ResourceDifference:
        resource, found = self.after[path], self.changed[path]
        type_ = str(resource.get("Type"))
        effects = {change.effect for change in found}
        if loss or (type_ in STATEFUL and effects & _REPLACING):
            danger, consequence = Danger.STATE, loss or "would be replaced, with what it holds"
        elif type_ in STATEFUL and _keeps(self.before[path]) and not _keeps(resource):
            danger, consequence = Danger.STATE, _MAY_BE_LOST
        elif less := shortened_memory(type_, self.before[path].get("Properties", {}), resource.get("Properties", {})):
            danger, consequence = Danger.STATE, less.what
        elif effects & _REPLACING and type_ not in QUIET_REPLACEMENTS:
            danger, consequence = Danger.REPLACED, REPLACEMENTS.get(type_, "")
        elif noticed := interruption(type_, resource.get("Properties", {}), [change.path for change in found]):
            danger, consequence = Danger.INTERRUPTED, noticed
        else:
            danger = Danger.CHANGED
            consequence = QUIET_REPLACEMENTS.get(type_, "") if effects & _REPLACING else ""
        return _difference(path, resource, danger, consequence, found)


def _properties(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[PropertyChange]:
    type_ = str(after.get("Type"))
    for name in _ATTRIBUTES:
        if before.get(name) != after.get(name):
            what = Effect.REPLACE if name == _TYPE else Effect.IN_PLACE
            yield PropertyChange(path=name, before=before.get(name), after=after.get(name), effect=what)
    for change in changes(before.get("Properties", {}), after.get("Properties", {})):
        what = _effect(type_, change.path)
        yield PropertyChange(path=change.path, before=change.before, after=change.after, effect=what)


def _effect(type_: str, path: str) -> Effect:
    """Return the effect of a change; of what holds state the replacement guard has the say."""
    guarded = STATEFUL.get(type_)
    if guarded is None:
        return effect(type_, path)
    name = path.partition(".")[0].partition("[")[0]
    if name in guarded.always:
        return Effect.REPLACE
    return Effect.MAY_REPLACE if name in guarded.sometimes else Effect.IN_PLACE


def _keeps(resource: Mapping[str, Any]) -> bool:
    return resource.get("DeletionPolicy") in _KEEPING


def _difference(
    path: str,
    resource: Mapping[str, Any],
    danger: Danger,
    consequence: str = "",
    properties: list[PropertyChange] | None = None,
) -> ResourceDifference:
    return ResourceDifference(
        path=path,
        type=str(resource.get("Type")),
        description=str(resource.get("Metadata", {}).get("Description", "")),
        danger=danger,
        consequence=consequence,
        properties=tuple(properties or ()),
    )
