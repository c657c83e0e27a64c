"""Reads the text of a YAML file into plain values, and notes the place of each of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from spec.errors import Fault, SpecRefusal
from spec.reading.syntax import syntax_fault

Path = tuple[str | int, ...]
Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]

MAXIMUM_CHARACTERS = 256 * 1024
MAXIMUM_DEPTH = 20
MAXIMUM_VALUES = 10_000
"""Far more than an environment needs; an alias that repeats itself hits this bound before it fills the memory."""

MAXIMUM_MESSAGE = 2000

_PLAIN = "plain"
_SCALAR = "tag:yaml.org,2002:str"
_COLLECTIONS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = "{{resolve:"
"""The beginning of a dynamic reference; CloudFormation resolves it in any property.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html"""
_EXCERPT = 60

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?([0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})")
_OLD_BOOLEAN = re.compile(r"yes|no|on|off", re.IGNORECASE)
_OLD_NUMBER = re.compile(
    r"[-+]?(0[0-9_]+(\.[0-9_]*)?|0x[0-9a-fA-F_]+|0o[0-7_]+|0b[01_]+|[0-9]+_[0-9_]*"
    r"|[0-9]+(:[0-5]?[0-9])+|[0-9.]+[eE][-+]?[0-9]+)"
)
_AS_TRUTH = {"yes": "true", "on": "true", "no": "false", "off": "false"}


class Place(NamedTuple):
    """A place in the file: `line` and `column` count from 1, `text` is what the user wrote there."""

    line: int
    column: int
    text: str


@dataclass(kw_only=True)
class Document:
    """The content of a file, the place of each key and value, and what is wrong with it as YAML."""

    file: str
    value: Value = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add_fault(self, path: Path, place: Place, message: str, hint: str) -> None:
        """Note a mistake at `place`; reading goes on so that every mistake is found."""
        self.faults.append(self.fault(path, place, message, hint))

    def nearest(self, path: Path) -> tuple[Path, Place | None]:
        """Return the key at `path` with its place, or that of the section around it; no place where that is missing."""
        while path and path not in self.keys:
            path = path[:-1]
        return path, self.keys.get(path)

    def fault(self, path: Path, place: Place, message: str, hint: str) -> Fault:
        """Return a mistake of this file at `place`."""
        return Fault(
            file=self.file,
            line=place.line,
            column=place.column,
            path=_shortened(dotted(path)),
            text=place.text,
            message=_shortened(message),
            hint=_shortened(hint),
        )


def read(text: str, file: str) -> Document:
    """Read one YAML document; text that is no YAML at all is refused at once."""
    _refuse_unreadable(text, file)
    try:
        root = yaml.compose(text, Loader=_Composer)
    except yaml.MarkedYAMLError as error:
        raise SpecRefusal((syntax_fault(error, text, file),)) from None
    document = Document(file=file)
    if root is not None:
        document.value = _Reader(text, document).value(root, ())
    return document


def dotted(path: Path) -> str:
    """Return a path as text: `services.webserver.cpu`, `network.allowed_cidrs[0]`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _shortened(text: str) -> str:
    """Cut the middle of a text that quotes a long value: what is wrong stands at one of its ends."""
    return text if len(text) <= MAXIMUM_MESSAGE else f"{text[: MAXIMUM_MESSAGE // 2]} … {text[-MAXIMUM_MESSAGE // 2 :]}"


def _refuse_unreadable(text: str, file: str) -> None:
    if len(text) > MAXIMUM_CHARACTERS:
        message = f"the file has more than {MAXIMUM_CHARACTERS // 1024} Ki characters"
        raise SpecRefusal((Fault(file=file, message=message, hint="an environment is a page of YAML"),))
    if match := _UNPRINTABLE.search(text):
        before = text[: match.start()]
        line, column = before.count("\n") + 1, match.start() - before.rfind("\n")
        message = f"the character U+{ord(match.group()):04X} may not stand in YAML"
        text = ascii(match.group())
        raise SpecRefusal((Fault(file=file, line=line, column=column, text=text, message=message, hint="remove it"),))


class _Composer(yaml.CSafeLoader):
    """The composer of libyaml: tags plain scalars, and refuses deep nesting before the C stack overflows."""

    depth = 0

    def resolve(self, kind: type[yaml.Node], _value: str, implicit: Any) -> str:
        if kind is yaml.ScalarNode:
            plain, _quoted = implicit
            return _PLAIN if plain else _SCALAR
        return _COLLECTIONS[kind is yaml.SequenceNode]

    def descend_resolver(self, current_node: yaml.Node | None, _current_index: object) -> None:
        self.depth += 1
        if self.depth > MAXIMUM_DEPTH and current_node is not None:
            problem = f"this is nested deeper than {MAXIMUM_DEPTH} levels"
            raise yaml.composer.ComposerError(None, None, problem, current_node.start_mark)

    def ascend_resolver(self) -> None:
        self.depth -= 1


class _Reader:
    """Turns composed nodes into values and notes the place of each."""

    def __init__(self, text: str, document: Document) -> None:
        self._text = text
        self._document = document
        self._count = 0

    def value(self, node: yaml.Node, path: Path) -> Value:
        """Return the value of `node`; refuses YAML tags other than the implied ones."""
        place = self._document.values[path] = self._place(node)
        self._bound(path, place)
        if node.tag not in {_PLAIN, _SCALAR, *_COLLECTIONS}:
            self._document.add_fault(
                path, place, f"the YAML tag {node.tag.split(':')[-1]} is not understood", "write the plain value"
            )
        if isinstance(node, yaml.MappingNode):
            return {key: self.value(child, (*path, key)) for key, child in self._pairs(node, path)}
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        self._refuse_reference(node.value, path, place)
        return self._plain(node.value, path, place) if node.tag == _PLAIN else str(node.value)

    def _place(self, node: yaml.Node) -> Place:
        mark = node.start_mark
        written = self._text[mark.index : node.end_mark.index].partition("\n")[0].rstrip()
        excerpt = written if len(written) <= _EXCERPT else f"{written[:_EXCERPT]}…"
        return Place(mark.line + 1, mark.column + 1, excerpt)

    def _bound(self, path: Path, place: Place) -> None:
        self._count += 1
        if self._count > MAXIMUM_VALUES or len(path) > MAXIMUM_DEPTH:
            bound = f"{MAXIMUM_DEPTH} levels" if len(path) > MAXIMUM_DEPTH else f"{MAXIMUM_VALUES} values"
            self._document.add_fault((), place, f"aliases blow this up to more than {bound}", "write the values out")
            raise SpecRefusal(tuple(self._document.faults))

    def _pairs(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, yaml.Node]]:
        for key, child in node.value:
            place = self._place(key)
            if not isinstance(key, yaml.ScalarNode):
                self._document.add_fault(path, place, "a key is one word here, not a list or mapping", "")
            elif key.value == "<<" and key.tag == _PLAIN:
                self._document.add_fault((*path, "<<"), place, "merge keys are not understood", "write the keys out")
            elif (first := self._document.keys.get((*path, key.value))) and (*path, key.value) in self._document.values:
                message = f"{key.value!r} is given twice"
                self._document.add_fault((*path, key.value), place, message, f"line {first.line} has it already")
            else:
                self._refuse_reference(key.value, (*path, key.value), place)
                self._document.keys[*path, key.value] = place
                yield key.value, child

    def _refuse_reference(self, text: str, path: Path, place: Place) -> None:
        if _REFERENCE in text:
            message = f"{_REFERENCE} would let CloudFormation put a secret of the account into the template"
            self._document.add_fault(path, place, message, "write the value itself")

    def _plain(self, text: str, path: Path, place: Place) -> Value:
        if text in _NULL:
            return None
        if text in _BOOLEAN:
            return _BOOLEAN[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
        if _OLD_BOOLEAN.fullmatch(text):
            truth = _AS_TRUTH[text.lower()]
            message = f"{text} means {truth} to some programs and text to others"
            self._document.add_fault(path, place, message, f'write {truth}, or "{text}" in quotes for text')
        elif _OLD_NUMBER.fullmatch(text):
            message = f"{text} is a different number, or no number, depending on the program that reads it"
            self._document.add_fault(path, place, message, f'write plain digits, or "{text}" in quotes for text')
        return text


def at(value: Value, path: Path) -> Value:
    """Return the value at `path`; None where there is none."""
    for part in path:
        if isinstance(value, Mapping) and part in value:
            value = value[str(part)]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value
