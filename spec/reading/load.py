"""Reads a file into an Environment, or refuses it with every mistake in it."""

import difflib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from spec.environment import Environment
from spec.errors import Fault, SpecRefusal
from spec.reading.house_rules import FILE, demanded_tags, tag_faults
from spec.reading.positioned_yaml import MAXIMUM_CHARACTERS, Document, read
from spec.reading.validation_errors import faults
from spec.releases.table import PROJECT_FOLDER, add_releases
from spec.section import Section, refuse
from spec.sections.networks.shared_network import SharedNetwork

SectionT = TypeVar("SectionT", bound=Section)

_BYTE_ORDER_MARK = "\ufeff"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LONGEST_CHARACTER = 4


def load(path: Path) -> Environment:
    """Read the environment in `path`; raises SpecRefusal with every mistake, in the order of the file.

    The Airflow releases that its project adds are valid from now on, and its house rules hold.
    """
    text = text_of(path)
    add_releases(path.parent / PROJECT_FOLDER)
    document = _document(text, str(path))
    environment = _validate(document, Environment, path.parent)
    rules = path.parent / FILE
    if rules.is_file():
        _refuse_tags(environment, document, demanded_tags(text_of(rules), str(rules)))
    return environment


def text_of(path: Path) -> str:
    """Read the text of an environment YAML; raises SpecRefusal when the file cannot be read as text."""
    return _decode(_bytes(path), str(path))


def parse(text: str, file: str, folder: Path | None = None) -> Environment:
    """Read the environment in `text`; `file` is its name in messages.

    The network that it shares is in `folder`; by default in that of the file.
    """
    return _validate(_document(text, file), Environment, folder or Path(file).parent)


def validated(values: object, folder: Path) -> Environment:
    """Return the environment of the plain values of a YAML; raises `ValidationError`."""
    return Environment.model_validate(values, context=_networks_in(folder))


def load_network(path: Path) -> SharedNetwork:
    """Read the network in `path`; raises SpecRefusal with every mistake, in the order of the file."""
    document = _document(text_of(path), str(path))
    values: Any = document.value
    known = tuple(SharedNetwork.model_fields)
    for key in [key for key in values if key not in known]:
        message, hint = f"{key} is not a key of a network", f"valid: {', '.join(known)}"
        document.add_fault((key,), document.keys[(key,)], message, hint)
        del values[key]
    return _validate(document, SharedNetwork, path.parent)


def _networks_in(folder: Path) -> Callable[[str], SharedNetwork]:
    """Return what reads a network that an environment of `folder` shares."""

    def read_network(file: str) -> SharedNetwork:
        path = folder / file
        if not path.is_file():
            hint = _near(path, "write it, with name, aws and network")
            refuse(f"there is no {file} beside this file", hint=hint, at=("file",))
        return load_network(path)

    return read_network


def _refuse_tags(environment: Environment, document: Document, demanded: Mapping[str, re.Pattern[str]]) -> None:
    if missing := tuple(tag_faults(demanded, environment, document)):
        raise SpecRefusal(missing)


def _document(text: str, file: str) -> Document:
    document = read(text.removeprefix(_BYTE_ORDER_MARK), file)
    if document.value is None and not document.faults:
        raise _whole_file(file, "the file is empty", "`windsock init` writes an example to start from")
    if not isinstance(document.value, dict):
        hint = "start with `name: my-airflow`; `windsock init` writes an example"
        place = document.values[()]
        document.add_fault((), place, "an environment is a mapping of keys", hint)
        raise SpecRefusal(tuple(document.faults))
    return document


def _validate(document: Document, model: type[SectionT], folder: Path) -> SectionT:
    found, more = list(document.faults), 0
    named = {fault.path for fault in found}
    try:
        valid = model.model_validate(document.value, context=_networks_in(folder))
    except ValidationError as error:
        first, more = faults(error, document)
        found += [fault for fault in first if fault.path not in named]
    if found:
        raise SpecRefusal(tuple(sorted(found, key=lambda fault: (fault.line, fault.column))), more)
    return valid


def _bytes(path: Path) -> bytes:
    name = str(path)
    try:
        if path.is_dir():
            raise _whole_file(name, "this is a folder, and an environment is a file", _near(path / "env.yaml"))
        if path.exists() and not path.is_file():
            raise _whole_file(name, "this is not a regular file", "give the path of a YAML file")
        with path.open("rb") as file:
            return file.read(MAXIMUM_CHARACTERS * _LONGEST_CHARACTER + 1)
    except FileNotFoundError:
        raise _whole_file(name, "there is no such file", _near(path)) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise _whole_file(name, f"the file cannot be read: {reason}", "") from None


def _near(path: Path, otherwise: str = "`windsock init` writes one to start from") -> str:
    names = [file.name for pattern in ("*.yaml", "*.yml") for file in path.parent.glob(pattern)]
    if near := difflib.get_close_matches(path.name, sorted(names), n=1, cutoff=0.5):
        return f"did you mean {path.with_name(near[0])}?"
    return otherwise


def _decode(content: bytes, file: str) -> str:
    if content.startswith(_UTF_16):
        raise _whole_file(file, "the file is UTF-16", "save it as UTF-8")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        byte = f"the byte 0x{content[error.start]:02X} is not UTF-8"
        fault = Fault(file=file, line=line, column=column, message=byte, hint="save the file as UTF-8")
        raise SpecRefusal((fault,)) from None


def _whole_file(file: str, message: str, hint: str) -> SpecRefusal:
    return SpecRefusal((Fault(file=file, message=message, hint=hint),))
