"""Compares two values of a template down to what really differs, and writes such a value in one line."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

IDENTITIES = ("Name", "Sid", "Id", "Key", "PolicyName", "ContainerName", "ContainerPath", "CapacityProvider", "Type")
"""The properties by which the items of a list are told apart, wherever no two items share the value."""

_VALUE = "Value"


@dataclass(frozen=True)
class ValueChange:
    """A value that differs, and where it stands below the values that were compared; None where it is absent."""

    path: str
    before: Any
    after: Any


def changes(before: Any, after: Any, path: str = "") -> Iterator[ValueChange]:
    """Yield the smallest values that differ; items of lists are matched by name, or else by content."""
    if before == after:
        return
    if _is_plain(before) and _is_plain(after):
        for key in dict.fromkeys([*after, *before]):
            yield from changes(before.get(key), after.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(before, after, path)
    else:
        yield ValueChange(path, before, after)


def shown(value: Any) -> str:
    """Return a value in one line; intrinsics in their short form, and nothing for what is absent."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return value or '""'
    if isinstance(value, dict) and len(value) == 1:
        ((name, argument),) = value.items()
        if name == "Fn::Sub" and isinstance(argument, str):
            return argument
        if name == "Ref" or name.startswith("Fn::"):
            return f"!{name.removeprefix('Fn::')} {shown(argument)}"
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    return json.dumps(value)


def _is_plain(value: Any) -> bool:
    """Whether the value is a mapping of properties, and no intrinsic."""
    return isinstance(value, dict) and not any(name == "Ref" or name.startswith("Fn::") for name in value)


def _of_lists(before: Sequence[Any], after: Sequence[Any], path: str) -> Iterator[ValueChange]:
    identity = _identity(before, after)
    if identity:
        yield from _of_named(_by(before, identity), _by(after, identity), path)
        return
    gone, new = Counter(map(_key, before)), Counter(map(_key, after))
    if gone == new:
        yield ValueChange(path, list(before), list(after))
        return
    left = [json.loads(item) for item in (gone - new).elements()]
    come = [json.loads(item) for item in (new - gone).elements()]
    if len(left) == len(come) == 1:
        yield ValueChange(f"{path}[]", left[0], come[0])
        return
    yield from (ValueChange(f"{path}[]", item, None) for item in left)
    yield from (ValueChange(f"{path}[]", None, item) for item in come)


def _of_named(before: Mapping[str, Any], after: Mapping[str, Any], path: str) -> Iterator[ValueChange]:
    if before == after:  # the same items in another order
        yield ValueChange(path, list(before), list(after))
    for name in dict.fromkeys([*after, *before]):
        where, old, new = f"{path}[{name}]", before.get(name), after.get(name)
        if old is None or new is None:
            yield ValueChange(where, _single(old), _single(new))
            continue
        yield from (
            ValueChange(found.path.removesuffix(f".{_VALUE}"), found.before, found.after)
            for found in changes(old, new, where)
        )


def _single(item: Any) -> Any:
    """Return only the value of an item that is nothing but a name and a value."""
    return item[_VALUE] if isinstance(item, dict) and _VALUE in item and len(item) == 2 else item  # noqa: PLR2004  # both


def _identity(before: Sequence[Any], after: Sequence[Any]) -> str:
    """Return the property that tells the items of both lists apart; empty where there is none."""
    return next((name for name in IDENTITIES if _names(before, name) and _names(after, name)), "")


def _names(items: Sequence[Any], identity: str) -> bool:
    names = [item.get(identity) if _is_plain(item) else None for item in items]
    return all(isinstance(name, str) for name in names) and len(set(names)) == len(names)


def _by(items: Sequence[Any], identity: str) -> dict[str, Any]:
    return {item[identity]: item for item in items}


def _key(item: Any) -> str:
    return json.dumps(item, sort_keys=True)
