"""Turns the errors of pydantic into faults in Windsock's words, at the line of the user."""

import difflib
from collections.abc import Iterator, Mapping
from types import MappingProxyType, NoneType
from typing import TYPE_CHECKING

from spec.errors import MAXIMUM_FAULTS, Fault
from spec.reading.model_index import description, homes, keys, kind_key, kinds
from spec.reading.positioned_yaml import Document, Path, Place, Value, at, dotted

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_START = Place(1, 1, "")
_SECTION_TYPES = ("model_type", "dict_type")
_KIND_TYPES = ("union_tag_invalid", "union_tag_not_found")
_SCALAR_TYPES = ("string_type", "int_type", "bool_type", "literal_error")

_STORED_KEYS = frozenset({"client_id", "client_secret"})
"""Keys that other configurations have, and that Windsock keeps in Secrets Manager."""

_OTHER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "connection": "airflow.connections",
        "env": "airflow.env_vars",
        "environment": "airflow.env_vars",
        "environment_variables": "airflow.env_vars",
        "permissions": "airflow.statements or airflow.policies",
        "requirements": "requirements.txt in the folder of image.context",
    }
)
"""Names that other tools have for ours."""

_MORE_VALUES: Mapping[Path, str] = MappingProxyType(
    {("auth", "kind"): "webserver_config.py can make people log in by LDAP, GitHub and others, with kind: password"}
)
"""What there is besides the values of a key."""

_SENTENCES = {
    "string_type": "{text} without quotes is no text",
    "int_type": "{text} is not a whole number",
    "int_from_float": "{text} is not a whole number",
    "bool_type": "{text} is neither true nor false",
    "tuple_type": "a list is wanted here",
    "literal_error": "{text} is not valid here",
    "string_pattern_mismatch": "{text} does not fit the pattern {pattern}",
    "string_too_long": "the text is longer than {max_length} characters",
    "string_too_short": "the text is shorter than {min_length} characters",
    "greater_than_equal": "{text} is less than {ge}",
    "less_than_equal": "{text} is more than {le}",
    "too_long": "there are {actual_length} of them, and at most {max_length} are possible",
    "too_short": "there are {actual_length} of them, and at least {min_length} must be",
}
"""Our words for the types of error that pydantic has; `text` is what the user wrote."""


def faults(error: "ValidationError", document: Document) -> tuple[list[Fault], int]:
    """Return one fault for each place with an error, up to a bound in the order of the file, and how many more."""
    every = [_plain(detail, document.value) for detail in error.errors(include_url=False)]
    details = sorted(every, key=lambda detail: _line(detail, document))[:MAXIMUM_FAULTS]
    misspelt = {_meant(detail["loc"]) for detail in details if detail["type"] == "extra_forbidden"}
    found: dict[str, Fault] = {}
    for detail in details:
        if detail["type"] == "missing" and detail["loc"] in misspelt:
            continue  # the misspelt key next to it is the mistake; two faults about it would confuse
        if detail["type"] == "too_short" and any(_below(other["loc"], detail["loc"]) for other in details):
            continue  # pydantic counts only the items it accepted
        for fault in _each(detail, document):
            found.setdefault(fault.path, fault)
    return list(found.values()), len(every) - len(details)


def _line(detail: "ErrorDetails", document: Document) -> int:
    path: Path = detail["loc"]
    places = (
        document.keys.get(path[:length]) or document.values.get(path[:length]) for length in range(len(path), 0, -1)
    )
    return next((place.line for place in places if place), 0)


def _plain(detail: "ErrorDetails", value: Value) -> "ErrorDetails":
    """Return an error in a section with kinds as in any other: its kind is wrong, or a key of that kind."""
    path = _without_kinds(detail["loc"], value)
    if detail["type"] not in _KIND_TYPES:
        return {**detail, "loc": path}
    if not isinstance(at(value, path), dict):
        return {**detail, "loc": path, "type": "model_type"}
    expected = detail.get("ctx", {}).get("expected_tags") or ", ".join(kinds(path))
    return {**detail, "loc": (*path, kind_key(path)), "type": "literal_error", "ctx": {"expected": expected}}


def _without_kinds(path: Path, value: Value) -> Path:
    """Cut from `path` the kinds that pydantic adds: pydantic puts a kind between `auth` and its keys."""
    kept: Path = ()
    for part in path:
        here, known = at(value, kept), keys(kept)
        if not (isinstance(here, dict) and known and part not in known and part not in here):
            kept = (*kept, part)
    return kept


def _below(path: Path, section: Path) -> bool:
    return len(path) > len(section) and path[: len(section)] == section


def _each(detail: "ErrorDetails", document: Document) -> Iterator[Fault]:
    if detail["type"] != "refused":
        yield _fault(detail, document)
        return
    for message, hint, at_keys in detail["ctx"]["violations"]:
        path = (*detail["loc"], *at_keys)
        place = document.values.get(path) or _nearest(document, path)
        yield document.fault(path, place, message, hint)


def _nearest(document: Document, path: Path) -> Place:
    """Return the place of the section that `path` belongs to: the user left out what is wrong."""
    sections = (document.keys.get(path[:length]) for length in range(len(path) - 1, 0, -1))
    place = next((place for place in sections if place), _START)
    return Place(place.line, place.column, "")


def _fault(detail: "ErrorDetails", document: Document) -> Fault:
    wanted: Path = detail["loc"]
    path = _known(wanted, document.value)
    if detail["type"] == "missing":
        place, path = document.keys.get(wanted[:-1], _START), wanted
        place = Place(place.line, place.column, "")
    elif detail["type"] == "extra_forbidden" or wanted[-1:] == ("[key]",) or path not in document.values:
        place = document.keys.get(path, _START)
    else:
        place = document.values[path]
    message, hint = _words(detail, path, at(document.value, path), place)
    return document.fault(path, place, message, hint)


def _known(path: Path, value: Value) -> Path:
    """Cut from `path` what pydantic adds: the members of a union, the suffix `[key]`."""
    known: Path = ()
    for part in path:
        if not (isinstance(value, dict | list) and part in (value if isinstance(value, dict) else range(len(value)))):
            break
        known = (*known, part)
        value = at(value, (part,))
    return known


def _words(detail: "ErrorDetails", path: Path, value: Value, place: Place) -> tuple[str, str]:
    kind, context, help_text = detail["type"], detail.get("ctx", {}), _help(path)
    if kind == "missing":
        return f"{path[-1]} is missing", help_text
    if kind == "extra_forbidden":
        return _unknown_key(path)
    if kind in _SECTION_TYPES:
        below = ", ".join(keys(path))
        return f"{path[-1]} is a section", f"write its keys below it: {below}" if below else help_text
    if kind in _SCALAR_TYPES and (value is None or isinstance(value, dict | list)):
        shape = {NoneType: "nothing", dict: "a section", list: "a list"}[type(value)]
        return f"one value is wanted here, not {shape}", help_text
    message = _SENTENCES.get(kind, detail["msg"].replace("{", "{{").replace("}", "}}"))
    hint = _scalar_hint(detail, place.text) or help_text
    return message.format(text=place.text, **context), "; ".join(filter(None, (hint, _MORE_VALUES.get(path))))


def _scalar_hint(detail: "ErrorDetails", text: str) -> str:
    bare = text.strip("\"'")
    match detail["type"]:
        case "string_type":
            return f'put it in quotes: "{text}"'
        case "int_type" if bare != text and bare.isdecimal():
            return f"write {bare} without quotes"
        case "bool_type":
            return "write true or false, without quotes"
        case "literal_error":
            return f"valid: {detail['ctx']['expected']}".replace("'", "")
    return ""


def _unknown_key(path: Path) -> tuple[str, str]:
    if path[-1] in _STORED_KEYS:
        return (
            f"{path[-1]} belongs in no file",
            "remove it; `windsock secrets set` stores the client in Secrets Manager",
        )
    key, siblings = str(path[-1]), keys(path[:-1])
    section = f"of {dotted(path[:-1])}" if path[:-1] else "of an environment"
    if path in homes(key):
        return f"{key} does not go with this kind of {path[-2]}", "remove it, or choose the kind that has it"
    if meant := _meant(path):
        return f"{key} is not a key {section}", f"did you mean {meant[-1]}?"
    if elsewhere := [dotted(home) for home in homes(key)]:
        return f"{key} is not a key {section}", f"did you mean {' or '.join(elsewhere)}?"
    if key in _OTHER_NAMES:
        return f"{key} is not a key {section}", f"did you mean {_OTHER_NAMES[key]}?"
    return f"{key} is not a key {section}", f"valid: {', '.join(siblings)}"


def _meant(path: Path) -> Path:
    """Return the path that the user probably meant by a misspelt one; empty where nothing is near."""
    key = str(path[-1])
    if homes(key):
        return ()  # spelt right, in the wrong section
    near = difflib.get_close_matches(key.lower().replace("-", "_"), keys(path[:-1]), n=1)
    return (*path[:-1], near[0]) if near else ()


def _help(path: Path) -> str:
    return description(path).partition(" Source:")[0].removesuffix(" No default.")
